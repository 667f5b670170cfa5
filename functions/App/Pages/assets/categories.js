// @ts-check
// Finding a category: by its name as one types, and by the words of the description.
import { language } from "./page.js";

/**
 * @typedef {{ ar: string, en: string }} Both
 * @typedef {{ code: string, name: Both, group?: Both, digit?: number, proof?: boolean, terms: [string, number][] }} Category
 * @typedef {number[][][][]} Rings
 * @typedef {object} City
 * @property {Both} name
 * @property {number} maxTextLength
 * @property {number} maxAttachments
 * @property {Category[]} categories
 * @property {{ id: string, name: Both }[]} departments
 * @property {{ id: string, name: Both, boundary?: Rings }[]} municipalities
 * @property {Rings} area
 */

/**
 * As people search: without marks, and letters that are written for one another made one.
 * @param {string} text
 */
export function plain(text) {
  return text.toLowerCase().normalize("NFKD").replace(/[\u064b-\u065f\u0670\u0640\u0300-\u036f]/g, "")
    .replace(/[أإآٱ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه").replace(/ؤ/g, "و").replace(/ئ/g, "ي");
}

/**
 * Those that fit what was typed; nothing typed gives the city's main ones.
 * @param {Category[]} categories
 * @param {string} typed
 */
export function search(categories, typed) {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return categories.filter((category) => category.digit).sort((one, other) => (one.digit ?? 0) - (other.digit ?? 0));
  }

  return categories.filter((category) => {
    const hay = plain([category.name.ar, category.name.en, category.group?.ar, category.group?.en, ...category.terms.map(([term]) => term)].join(" "));
    return words.every((word) => hay.includes(word));
  });
}

/**
 * What the description speaks for, the likeliest first; at most three.
 * @param {Category[]} categories
 * @param {string} text
 */
export function suggest(categories, text) {
  const hay = " " + plain(text) + " ";
  return categories
    .map((category) => ({ category, weight: category.terms.reduce((sum, [term, weight]) => sum + (hay.includes(plain(term)) ? weight : 0), 0) }))
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .slice(0, 3)
    .map(({ category }) => category);
}

/** @param {Both | undefined} text */
export const words = (text) => text?.[language] ?? "";

/**
 * @param {Rings} polygons
 * @param {number} lat
 * @param {number} lon
 */
export function inside(polygons, lat, lon) {
  return polygons.some((rings) => rings.reduce((within, ring) => within !== crosses(ring, lat, lon), false));
}

/** @param {number[][]} ring @param {number} lat @param {number} lon */
function crosses(ring, lat, lon) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [x, y] = ring[i];
    const [u, v] = ring[j];
    if (y > lat !== v > lat && lon < ((u - x) * (lat - y)) / (v - y) + x) {
      odd = !odd;
    }
  }

  return odd;
}
