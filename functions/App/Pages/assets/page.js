// @ts-check
// What every page shares: its texts, its language, elements made by hand, and calls that say what went wrong.

/** @type {Record<string, string>} */
const texts = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");

/** The page's language. */
export const language = /** @type {"ar" | "en"} */ (document.documentElement.lang);

/**
 * A text of the page with its values put in.
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 */
export function say(name, values = {}) {
  return (texts[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));
}

/** @param {string} name */
export const knows = (name) => name in texts;

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(id + " is not on this page");
  }

  return /** @type {T} */ (found);
}

/**
 * An element; text is always text, never markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }

  element.append(.../** @type {(Node | string)[]} */ (children.filter((child) => child !== null && child !== undefined && child !== false)));
  return element;
}

/**
 * @typedef {object} Failure
 * @property {number} status 0 when there was no answer.
 * @property {string} title
 * @property {string} [code]
 * @property {Record<string, string[]>} [errors]
 * @property {number} [retryAfter] Seconds.
 */

/** A call that was refused or not answered. */
export class CallError extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.title);
    this.failure = failure;
  }
}

/**
 * Calls the API; gives the answer's JSON.
 * @param {string} path
 * @param {RequestInit & { patience?: number }} [options] patience in milliseconds
 * @returns {Promise<any>}
 */
export async function call(path, options = {}) {
  const answer = await reach(path, options);
  if (answer.ok) {
    return answer.status === 204 ? null : answer.json();
  }

  const problem = await answer.json().catch(() => ({}));
  throw new CallError({
    status: answer.status,
    title: problem.title ?? say("failed"),
    code: problem.code,
    errors: problem.errors,
    retryAfter: Number(answer.headers.get("Retry-After")) || undefined,
  });
}

/**
 * @param {string} path
 * @param {RequestInit & { patience?: number }} options
 */
export async function reach(path, options) {
  const { patience = 30000, ...rest } = options;
  try {
    return await fetch(path, { ...rest, headers: { "Accept-Language": language, ...rest.headers }, signal: AbortSignal.timeout(patience) });
  } catch {
    throw new CallError({ status: 0, title: say("failed") });
  }
}

/** A key under which a repeated request is the same request. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const moments = new Intl.DateTimeFormat(language === "ar" ? "ar-SA-u-ca-gregory-nu-latn" : "en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Riyadh" });
const spans = new Intl.RelativeTimeFormat(language === "ar" ? "ar-u-nu-latn" : "en", { numeric: "auto", style: "short" });

/** @param {string | undefined | null} at ISO 8601 */
export const moment = (at) => (at ? moments.format(new Date(at)) : "");

/**
 * How long ago, or in how long.
 * @param {string | undefined | null} at
 * @param {Date} [now]
 */
export function span(at, now = new Date()) {
  if (!at) {
    return "";
  }

  const minutes = Math.round((new Date(at).getTime() - now.getTime()) / 60000);
  const size = Math.abs(minutes);
  return size < 1 ? say("now") : size < 90 ? spans.format(minutes, "minute") : size < 48 * 60 ? spans.format(Math.round(minutes / 60), "hour") : spans.format(Math.round(minutes / 1440), "day");
}
