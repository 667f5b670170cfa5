// @ts-check
// The citizen's page: what is typed is kept at once; what is sent goes on until it has arrived.
import { byId, call, CallError, knows, language, make, moment, newKey, say, span } from "./page.js";
import { dropDraft, dropReceipts, keepDraft, keepReceipt, readDraft, readReceipts } from "./drafts.js";
import { kindOf, mostBytes, placeOf, shrink } from "./photo.js";
import { bodyOf, deliver } from "./sending.js";
import { inside, search, suggest, words } from "./categories.js";

/** @typedef {import("./drafts.js").Draft} Draft @typedef {import("./drafts.js").Receipt} Receipt */

/** @type {Draft} */
let draft = fresh();

/** @type {import("./categories.js").City | undefined} */
let city;

/** @type {{ use: () => void, show: (lat: number, lon: number) => void } | undefined} */
let map;

let saving = Promise.resolve();
let retryTimer = 0;

const form = byId("report");
const textBox = /** @type {HTMLTextAreaElement} */ (byId("text"));
const phoneBox = /** @type {HTMLInputElement} */ (byId("phone"));
const addressBox = /** @type {HTMLInputElement} */ (byId("address"));
const searchBox = /** @type {HTMLInputElement} */ (byId("category-search"));
const photoBox = /** @type {HTMLInputElement} */ (byId("photo"));
const sendButton = /** @type {HTMLButtonElement} */ (byId("send"));

/** @returns {Draft} */
function fresh() {
  return { id: "draft", key: newKey(), phase: "editing", text: "", category: "", phone: "", address: "", lat: null, lon: null, placeBy: "", shots: [] };
}

/** Keeps the draft; one write after the other, so that the last word wins. */
function keep() {
  saving = saving.then(() => keepDraft(draft)).then(() => {
    byId("kept").textContent = say("kept");
    byId("discard").hidden = false;
  }, () => {});
  return saving;
}

// ---- photos

/** @param {FileList | null} files */
async function addPhotos(files) {
  const note = byId("photo-note");
  note.textContent = "";
  for (const file of files ?? []) {
    if (draft.shots.length >= (city?.maxAttachments ?? 10)) {
      note.textContent = say("photoMany", { n: city?.maxAttachments ?? 10 });
      break;
    }

    if (!(await kindOf(file))) {
      note.textContent = say("photoNot");
      continue;
    }

    const place = await placeOf(file);
    const blob = await shrink(file);
    if (blob.size > mostBytes) {
      note.textContent = say("photoLarge");
      continue;
    }

    draft.shots.push({ id: newKey(), blob, sent: false });
    if (place && draft.placeBy !== "map" && isInside(place.lat, place.lon) !== false) {
      setPlace(place.lat, place.lon, "photo");
    }
  }

  photoBox.value = "";
  showPhotos();
  await keep();
}

function showPhotos() {
  const list = byId("shots");
  for (const picture of list.querySelectorAll("img")) {
    URL.revokeObjectURL(picture.src);
  }

  list.replaceChildren(...draft.shots.map((shot, index) => make("li", {},
    make("img", { src: URL.createObjectURL(shot.blob), alt: say("photoAlt", { n: index + 1 }) }),
    make("button", {
      type: "button", class: "remove", "aria-label": say("photoRemove", { n: index + 1 }),
      onclick: () => {
        draft.shots = draft.shots.filter((other) => other !== shot);
        showPhotos();
        photoBox.focus();
        void keep();
      },
    }, "×"))));
  byId("take-text").textContent = say(draft.shots.length > 0 ? "photoMore" : "photoTake");
  if (draft.shots.length === 0 && byId("photo-note").textContent === "") {
    byId("photo-note").textContent = say("photoNone");
  }
}

// ---- place

/** @param {number} lat @param {number} lon @returns {boolean | undefined} unknown before the city is */
const isInside = (lat, lon) => (city ? inside(city.area, lat, lon) : undefined);

/** @param {number} lat @param {number} lon @param {Draft["placeBy"]} by */
function setPlace(lat, lon, by) {
  Object.assign(draft, { lat, lon, placeBy: by });
  if (by !== "map") {
    map?.show(lat, lon);
  }

  showPlace();
  void keep();
}

function showPlace() {
  const line = byId("place-words");
  line.classList.remove("warn-text");
  if (draft.lat === null || draft.lon === null) {
    line.textContent = say("placeNone");
    return;
  }

  const { lat, lon } = draft;
  if (isInside(lat, lon) === false) {
    line.textContent = say("placeOut");
    line.classList.add("warn-text");
    return;
  }

  const where = city?.municipalities.find((municipality) => municipality.boundary && inside(municipality.boundary, lat, lon));
  const by = say({ photo: "placeFromPhoto", device: "placeFromDevice", map: "placeFromMap", "": "placeFromMap" }[draft.placeBy]);
  line.replaceChildren(
    make("b", {}, where ? words(where.name) : words(city?.name)), " ",
    make("span", { class: "quiet small" }, by, " ", make("bdi", { dir: "ltr" }, `${lat.toFixed(5)}, ${lon.toFixed(5)}`)));
}

function useDevice() {
  const line = byId("place-words");
  line.textContent = say("placeSearching");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => setPlace(coords.latitude, coords.longitude, "device"),
    () => {
      showPlace();
      line.textContent = say("placeDenied");
    },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
}

async function startMap() {
  if (!city || map) {
    return;
  }

  /** @type {typeof import("./map.js")} */
  const module = await import(/** @type {string} */ (document.body.dataset.map));
  map = await module.choosePlace(byId("map"), city, (lat, lon) => setPlace(lat, lon, "map"));
  if (draft.lat !== null && draft.lon !== null) {
    map.show(draft.lat, draft.lon);
  }
}

// ---- category

function showCategories() {
  if (!city) {
    return;
  }

  const typed = searchBox.value.trim();
  const suggested = typed ? [] : suggest(city.categories, textBox.value);
  const found = typed ? search(city.categories, typed).slice(0, 12) : [...new Set([...suggested, ...search(city.categories, "")])];
  const chosen = city.categories.find((category) => category.code === draft.category);
  const shown = chosen && !found.includes(chosen) ? [chosen, ...found] : found;
  byId("category-note").textContent = typed ? (found.length === 0 ? say("categoryNone") : say("categoryCount", { n: found.length })) : suggested.length > 0 ? say("categorySuggested") : "";
  byId("categories").replaceChildren(...shown.map((category) => make("label", { class: suggested.includes(category) ? "likely" : null },
    make("input", {
      type: "radio", name: "category", value: category.code, checked: category.code === draft.category,
      onchange: () => {
        draft.category = category.code;
        void keep();
      },
    }),
    words(category.name))));
}

// ---- sending

/** @param {string} title @param {string[]} problems */
function showErrors(title, problems) {
  const box = byId("errors");
  box.hidden = problems.length === 0;
  byId("errors-title").textContent = title;
  byId("errors-list").replaceChildren(...problems.map((problem) => make("li", {}, problem)));
  if (problems.length > 0) {
    box.focus();
    box.scrollIntoView({ block: "center" });
  }
}

function check() {
  const problems = [];
  if (!draft.text.trim() && !draft.category) {
    problems.push(say("needWhat"));
  }

  if (draft.lat !== null && draft.lon !== null && isInside(draft.lat, draft.lon) === false) {
    problems.push(say("placeOut"));
  } else if (draft.lat === null && !draft.phone.trim() && !draft.address.trim()) {
    problems.push(say("needPlace"));
  }

  if (draft.phone.trim() && !/^[+\d\s()٠-٩-]{8,20}$/.test(draft.phone.trim())) {
    problems.push(say("badPhone"));
  }

  return problems;
}

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  if (draft.phase !== "editing") {
    return; // A second tap is the same report.
  }

  const problems = check();
  showErrors(say("fix"), problems);
  if (problems.length > 0) {
    return;
  }

  draft.phase = "queued";
  draft.body = bodyOf(draft, language);
  showPhase();
  await keep();
  await go();
}

async function go() {
  clearTimeout(retryTimer);
  await saving;
  byId("retry").setAttribute("disabled", "");
  const outcome = await deliver((step) => {
    byId("waiting-text").textContent = step ? say("uploading", { n: step.photo, of: step.of }) : say("sending");
  }).catch(() => /** @type {import("./sending.js").Outcome} */ ({ state: "later" }));
  byId("retry").removeAttribute("disabled");
  draft = (await readDraft()) ?? fresh();
  showPhase();
  switch (outcome.state) {
    case "done":
      await finish(/** @type {Receipt} */ (outcome.receipt));
      break;
    case "refused":
      showErrors(say("refused"), Object.values(outcome.failure?.errors ?? {}).flat().concat(outcome.failure?.errors ? [] : [outcome.failure?.title ?? ""]));
      break;
    case "later":
      byId("waiting-text").textContent = say("queued");
      retryTimer = window.setTimeout(go, (outcome.failure?.retryAfter ?? 20) * 1000);
      break;
    default:
      // Another window sent it.
      await showMine();
  }
}

function showPhase() {
  const waiting = draft.phase !== "editing";
  byId("waiting").hidden = !waiting;
  form.hidden = waiting;
  sendButton.disabled = waiting;
}

/** @param {Receipt} receipt */
async function finish(receipt) {
  fill();
  form.hidden = true;
  byId("done").hidden = false;
  byId("done-number").textContent = receipt.number;
  /** @type {HTMLAnchorElement} */ (byId("done-link")).href = receipt.trackUrl;
  byId("done-notes").replaceChildren(...(receipt.notes ?? []).map((reason) => make("span", {}, say("photoRefused", { reason }))));
  byId("share").hidden = !("share" in navigator);
  byId("share").onclick = () => navigator.share({ url: receipt.trackUrl, title: receipt.number }).catch(() => {});
  byId("copy").onclick = async () => {
    await navigator.clipboard.writeText(receipt.number);
    byId("done-notes").textContent = say("copied");
  };
  showSimilar(receipt);
  await showMine();
  byId("done-title").focus();
  scrollTo({ top: 0 });
}

/** @param {Receipt} receipt */
function showSimilar(receipt) {
  byId("similar").hidden = receipt.similar.length === 0;
  byId("similar-list").replaceChildren(...receipt.similar.map((candidate) => {
    const category = city?.categories.find((known) => known.code === candidate.category);
    const item = make("li", {}, make("p", {}, say("similarItem", { category: words(category?.name), metres: candidate.distanceMetres, when: span(candidate.receivedAt) })));
    const answer = (/** @type {boolean} */ same) => async () => {
      for (const button of item.querySelectorAll("button")) {
        button.disabled = true;
      }

      try {
        await call(`/api/reports/${receipt.number}/duplicate`, {
          method: "POST", body: JSON.stringify({ followId: candidate.followId, same }),
          headers: { "Content-Type": "application/json", Authorization: "Bearer " + receipt.token },
        });
        receipt.similar = same ? [] : receipt.similar.filter((other) => other !== candidate);
        await keepReceipt(receipt);
        item.replaceChildren(make("p", { role: "status" }, say(same ? "joined" : "differs")));
        if (same) {
          byId("similar-list").replaceChildren(item);
        }
      } catch (error) {
        const title = error instanceof CallError ? error.failure.title : say("failed");
        item.append(make("p", { class: "warn-text", role: "alert" }, title));
        for (const button of item.querySelectorAll("button")) {
          button.disabled = false;
        }
      }
    };
    item.append(make("div", { class: "row" },
      make("button", { type: "button", onclick: answer(true) }, say("same")),
      make("button", { type: "button", class: "second", onclick: answer(false) }, say("different"))));
    return item;
  }));
}

async function showMine() {
  const receipts = await readReceipts().catch(() => []);
  byId("mine").hidden = receipts.length === 0;
  byId("mine-list").replaceChildren(...receipts.slice(0, 10).map((receipt) => make("li", {},
    make("a", { href: receipt.trackUrl }, make("bdi", { dir: "ltr" }, receipt.number)), " ", make("span", { class: "quiet small" }, moment(receipt.at)))));
}

// ---- start

function fill() {
  textBox.value = draft.text;
  phoneBox.value = draft.phone;
  addressBox.value = draft.address;
  showPhotos();
  showPlace();
  showCategories();
  showPhase();
}

function listen() {
  form.addEventListener("submit", (event) => void submit(event));
  photoBox.addEventListener("change", () => void addPhotos(photoBox.files));
  let pause = 0;
  const typed = () => {
    Object.assign(draft, { text: textBox.value, phone: phoneBox.value, address: addressBox.value });
    clearTimeout(pause);
    pause = window.setTimeout(() => void keep(), 300);
  };
  for (const box of [textBox, phoneBox, addressBox]) {
    box.addEventListener("input", typed);
  }

  textBox.addEventListener("input", () => searchBox.value.trim() === "" && showCategories());
  searchBox.addEventListener("input", showCategories);
  searchBox.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  byId("here").addEventListener("click", useDevice);
  byId("use-centre").addEventListener("click", () => map?.use());
  byId("retry").addEventListener("click", () => void go());
  byId("another").addEventListener("click", () => {
    byId("done").hidden = true;
    form.hidden = false;
    byId("kept").textContent = "";
    byId("form-title").scrollIntoView();
    photoBox.focus();
  });
  byId("discard").addEventListener("click", async () => {
    if (confirm(say("discardSure"))) {
      await saving;
      await dropDraft();
      draft = fresh();
      byId("kept").textContent = "";
      byId("discard").hidden = true;
      fill();
    }
  });
  byId("forget").addEventListener("click", async () => {
    await dropReceipts();
    await showMine();
  });
  addEventListener("pagehide", () => draft.phase === "editing" && (draft.text || draft.shots.length > 0) && void keep());
  addEventListener("online", () => {
    showNetwork();
    if (draft.phase !== "editing") {
      void go();
    }
  });
  addEventListener("offline", showNetwork);
}

function showNetwork() {
  byId("offline").hidden = navigator.onLine;
}

async function start() {
  listen();
  showNetwork();
  draft = (await readDraft().catch(() => undefined)) ?? draft;
  byId("discard").hidden = draft.text === "" && draft.shots.length === 0;
  fill();
  void showMine();
  document.body.dataset.ready = "yes";
  if (draft.phase !== "editing") {
    void go();
  }

  city = await call("/api/city").catch(() => undefined);
  if (city) {
    textBox.maxLength = city.maxTextLength;
    fill();
    new IntersectionObserver((seen, observer) => {
      if (seen.some((entry) => entry.isIntersecting)) {
        observer.disconnect();
        void startMap();
      }
    }).observe(byId("map"));
  }

  if ("serviceWorker" in navigator && knows("title")) {
    void navigator.serviceWorker.register("/sw.js").catch(() => {});
  }
}

void start();
