// @ts-check
// The map: loaded when it is wanted. Without tiles the municipalities' boundaries are the map.
import { language, make, say } from "./page.js";
import { words } from "./categories.js";

const script = "./leaflet.js";
const style = "./leaflet.css";
const nearEnough = 12;

/** @returns {Promise<typeof import("leaflet")>} */
async function load() {
  const done = (/** @type {HTMLElement} */ element) => new Promise((resolve, reject) => {
    element.addEventListener("load", resolve);
    element.addEventListener("error", reject);
    document.head.append(element);
  });
  await Promise.all([done(make("link", { rel: "stylesheet", href: style })), done(make("script", { src: script }))]);
  return /** @type {any} */ (globalThis).L;
}

/** @param {import("./categories.js").Rings} rings @returns {[number, number][][][]} */
const turned = (rings) => rings.map((polygon) => polygon.map((ring) => ring.map(([lon, lat]) => /** @type {[number, number]} */ ([lat, lon]))));

/**
 * Draws the city into the element.
 * @param {HTMLElement} element
 * @param {import("./categories.js").City} city
 */
export async function drawCity(element, city) {
  const L = await load();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(element, {
    zoomControl: false, attributionControl: false, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, minZoom: 6, maxZoom: 19,
  });
  L.control.zoom({ position: language === "ar" ? "topleft" : "topright", zoomInTitle: say("zoomIn"), zoomOutTitle: say("zoomOut") }).addTo(map);
  const tiles = document.body.dataset.tiles;
  if (tiles) {
    L.tileLayer(tiles, { maxZoom: 19 }).addTo(map);
  }

  for (const municipality of city.municipalities) {
    if (municipality.boundary) {
      L.polygon(turned(municipality.boundary), { className: "boundary", weight: 1.5, interactive: false })
        .addTo(map).bindTooltip(words(municipality.name), { permanent: true, direction: "center", className: "place-name" });
    }
  }

  const area = L.polygon(turned(city.area), { className: "area", weight: 2.5, fill: false, interactive: false }).addTo(map);
  const near = city.municipalities.filter((municipality) => municipality.boundary).map((municipality) => L.polygon(turned(/** @type {any} */ (municipality.boundary))).getBounds().getCenter());
  const middle = (/** @type {number[]} */ values) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)];
  // Most people live where most municipalities are: their middle is nearer than the middle of a desert.
  map.setView(near.length > 0 ? [middle(near.map((point) => point.lat)), middle(near.map((point) => point.lng))] : area.getBounds().getCenter(), 10);
  map.on("zoomend", () => element.classList.toggle("far", map.getZoom() < 10));
  element.classList.toggle("far", map.getZoom() < 10);
  return { L, map };
}

/**
 * A map on which one chooses a place: the pin stands still in the middle.
 * @param {HTMLElement} element
 * @param {import("./categories.js").City} city
 * @param {(lat: number, lon: number) => void} chosen
 */
export async function choosePlace(element, city, chosen) {
  const { map } = await drawCity(element, city);
  element.append(make("div", { class: "pin", "aria-hidden": "true" }));
  let moving = false;
  const tell = () => {
    const centre = map.getCenter();
    chosen(Math.round(centre.lat * 1e6) / 1e6, Math.round(centre.lng * 1e6) / 1e6);
  };
  // Only what the citizen moved is a choice, and only near enough to mean a street.
  map.on("moveend", () => {
    if (moving) {
      moving = false;
    } else if (element.dataset.ready && map.getZoom() >= nearEnough) {
      tell();
    }
  });
  element.dataset.ready = "yes";
  return {
    use: tell,
    /** @param {number} lat @param {number} lon */
    show(lat, lon) {
      const before = map.getCenter();
      moving = true;
      map.setView([lat, lon], Math.max(map.getZoom(), 16), { animate: false });
      if (before.equals(map.getCenter(), 1e-9)) {
        moving = false;
      }
    },
  };
}
