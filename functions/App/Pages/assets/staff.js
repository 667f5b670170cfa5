// @ts-check
// The staff's board: a list that keeps itself fresh, one report beside it, and everything by keyboard.
import { byId, call, CallError, knows, make, moment, newKey, reach, say, span } from "./page.js";
import { words } from "./categories.js";
import { actionsOf, fieldsOf } from "./commands.js";
import { kindOf, shrink } from "./photo.js";

/**
 * @typedef {{ number: string, status: string, kind: string, category: string, priority: string, municipality?: string, department?: string, team?: string, escalationLevel: number, receivedAt: string, dueAt?: string }} Row
 * @typedef {Row & { version: number, text?: string, place?: { lat?: number, lon?: number, address?: string, nationalAddress?: string }, channel: string, agency?: string, followers: number, attachments: { id: string, contentType: string, purpose: string }[], reporter?: { phone?: string, name?: string }, events: { sequence: number, at: string, body: Record<string, unknown> }[] }} Report
 * @typedef {{ roles: string[], municipalities: string[], departments: string[], commands: string[], keysIn: boolean, teams: { id: string, name: string }[], agencies: { id: string, name: string }[] }} Me
 */

const pollEvery = 5000;
const pageSize = 50;

/** @type {Me} */
let me;
/** @type {import("./categories.js").City} */
let city;
/** @type {Row[]} */
let rows = [];
let tag = "";
let shown = pageSize;
let current = "";
/** @type {Report | undefined} */
let report;
/** @type {Set<string>} */
const selected = new Set();
let asked = 0;

const form = /** @type {HTMLFormElement} */ (byId("filters"));
const dialog = /** @type {HTMLDialogElement} */ (byId("form"));
const command = /** @type {HTMLFormElement} */ (byId("command"));

/** @param {string | undefined} code */
const categoryName = (code) => words(city.categories.find((category) => category.code === code)?.name) || (code ?? "");
/** @param {string | undefined} id */
const municipalityName = (id) => words(city.municipalities.find((place) => place.id === id)?.name) || (id ?? "");
/** @param {string | undefined} id */
const departmentName = (id) => words(city.departments.find((department) => department.id === id)?.name) || (id ?? "");

// ---- the list

/** The filters as they stand in the address. */
function filters() {
  const wanted = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (String(value).trim()) {
      wanted.set(name, String(value).trim());
    }
  }

  return wanted;
}

/** Asks for the list; who has it already is answered with nothing. */
async function refresh() {
  const mine = ++asked;
  const wanted = filters();
  wanted.set("top", String(shown));
  try {
    const answer = await reach("/api/staff/reports?" + wanted, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", patience: 15000 });
    if (mine !== asked) {
      return;
    }

    byId("live").textContent = say("live");
    if (answer.status === 401) {
      showSignIn();
    } else if (answer.ok) {
      byId("sign-in").hidden = true;
      const page = await answer.json();
      tag = answer.headers.get("ETag") ?? "";
      rows = page.items;
      byId("summary").textContent = rows.length === 0 ? say("empty") : say("summary", { total: page.total, late: page.overdue });
      byId("more").hidden = !page.next;
      showRows();
      const listed = rows.find((row) => row.number === report?.number);
      if (listed && report && listed.status !== report.status && !dialog.open) {
        await open(report.number, false);
      }
    }
  } catch {
    byId("live").textContent = say("stale");
  }
}

function filtered() {
  tag = "";
  shown = pageSize;
  const wanted = filters();
  if (report) {
    wanted.set("report", report.number);
  }

  history.replaceState(null, "", "/staff" + (wanted.size ? "?" + wanted : ""));
  void refresh();
}

function showRows() {
  const now = new Date();
  const focused = document.activeElement?.closest(".line")?.getAttribute("data-number");
  byId("rows").replaceChildren(...rows.map((row) => {
    const late = row.dueAt !== undefined && new Date(row.dueAt) < now && !["closed", "rejected", "merged"].includes(row.status);
    return make("li", { class: `line${late ? " is-late" : ""}${row.number === current ? " is-current" : ""}`, "data-number": row.number },
      make("input", {
        type: "checkbox", checked: selected.has(row.number), "aria-label": say("select", { number: row.number }),
        onchange: () => select(row.number),
      }),
      make("a", { href: "/staff?report=" + row.number, onclick: (/** @type {Event} */ event) => { event.preventDefault(); void open(row.number); } }, categoryName(row.category)),
      make("span", { class: late || row.priority === "emergency" ? "badge hot" : "badge" }, row.priority === "emergency" ? say("priority.emergency") + " " : "", row.dueAt ? span(row.dueAt, now) : say("status." + row.status)),
      make("span", { class: "meta" }, make("bdi", { dir: "ltr" }, row.number), " · ", say("status." + row.status), " · ", municipalityName(row.municipality), row.escalationLevel > 0 ? ` · ${say("level")} ${row.escalationLevel}` : ""));
  }));
  if (focused) {
    /** @type {HTMLElement | null} */ (document.querySelector(`.line[data-number="${focused}"] a`))?.focus({ preventScroll: true });
  }

  byId("bulk").hidden = selected.size === 0 || !me.commands.includes("assign");
  byId("bulk-count").textContent = say("bulk", { n: selected.size });
}

/** @param {string} number */
function select(number) {
  if (!selected.delete(number)) {
    selected.add(number);
  }

  showRows();
}

/** @param {number} step */
function move(step) {
  const at = rows.findIndex((row) => row.number === current);
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  if (next) {
    current = next.number;
    showRows();
    const link = /** @type {HTMLElement | null} */ (document.querySelector(".line.is-current a"));
    link?.focus();
    link?.scrollIntoView({ block: "nearest" });
  }
}

// ---- one report

/** @param {string} number @param {boolean} [focus] */
async function open(number, focus = true) {
  current = number;
  showRows();
  try {
    report = /** @type {Report} */ (await call("/api/staff/reports/" + encodeURIComponent(number)));
  } catch (error) {
    fail(error);
    byId("detail").replaceChildren(make("p", { class: "warn-text", role: "alert" }, titleOf(error)));
    return;
  }

  const wanted = filters();
  wanted.set("report", number);
  history.replaceState(null, "", "/staff?" + wanted);
  document.body.classList.add("opened");
  showReport(report);
  if (focus) {
    (/** @type {HTMLElement | null} */ (document.querySelector("#detail .actions button")) ?? byId("detail-title")).focus();
  }
}

/** @param {Report} shownReport */
function showReport(shownReport) {
  const r = shownReport;
  const [next, ...others] = actionsOf(r, me.commands);
  const place = r.place;
  byId("detail").replaceChildren(
    make("div", { class: "row" },
      make("button", { type: "button", class: "second", id: "close", onclick: close }, say("back")),
      make("h2", { id: "detail-title", tabindex: "-1" }, categoryName(r.category), " ", make("bdi", { dir: "ltr", class: "quiet" }, r.number)),
      make("span", { class: "badge" }, say("status." + r.status)),
      make("button", { type: "button", class: "plain-button", id: "print", onclick: () => window.print() }, say("print"))),
    make("div", { class: "actions" },
      next ? make("div", { class: "row" }, make("button", { type: "button", "data-next": next, onclick: () => ask(next) }, say("do." + next), " ", make("kbd", { "aria-hidden": "true" }, "d"))) : make("p", { class: "quiet" }, say("nothing")),
      others.length > 0 && make("div", { class: "row", role: "group", "aria-label": say("others") }, ...others.map((name) => make("button", { type: "button", class: "second", onclick: () => ask(name) }, say("do." + name)))),
      make("p", { id: "outcome", role: "status" })),
    make("div", { class: "facts" },
      make("div", {},
        r.text ? make("p", { class: "words" }, r.text) : null,
        make("dl", {},
          ...fact("municipality", municipalityName(r.municipality)), ...fact("department", departmentName(r.department)),
          ...fact("team", me.teams.find((team) => team.id === r.team)?.name ?? r.team), ...fact("agency", me.agencies.find((agency) => agency.id === r.agency)?.name ?? r.agency),
          ...fact("priority", say("priority." + r.priority)), ...fact("received", moment(r.receivedAt)), ...fact("due", r.dueAt ? `${moment(r.dueAt)} (${span(r.dueAt)})` : ""),
          ...fact("level", r.escalationLevel > 0 ? String(r.escalationLevel) : ""), ...fact("followers", r.followers > 1 ? String(r.followers) : ""),
          ...fact("place", [place?.address, place?.nationalAddress].filter(Boolean).join("، ")),
          ...(place?.lat ? [make("dt", {}, say("mapLink")), make("dd", {}, make("a", { href: `geo:${place.lat},${place.lon}` }, make("bdi", { dir: "ltr" }, `${place.lat}, ${place.lon}`)))] : []),
          ...fact("reporter", [r.reporter?.name, r.reporter?.phone].filter(Boolean).join(" ")))),
      make("div", {},
        r.attachments.length > 0 && make("h3", {}, say("files")),
        make("div", { class: "photos" }, ...r.attachments.map((file) => {
          const address = `/api/reports/${r.number}/attachments/${file.id}`;
          return file.contentType.startsWith("image/")
            ? make("a", { href: address }, make("img", { src: address, loading: "lazy", alt: say(file.purpose === "proof" ? "proofAlt" : "photoAlt") }))
            : make("audio", { controls: true, preload: "none", src: address });
        })),
        make("h3", {}, say("steps")),
        make("ol", {}, ...[...r.events].reverse().map((step) => make("li", {}, stepWords(step.body), make("time", { datetime: step.at }, moment(step.at))))))));
}

/** @param {string} name @param {string | undefined} value */
const fact = (name, value) => (value ? [make("dt", {}, say(name)), make("dd", {}, value)] : []);

/** @param {Record<string, unknown>} body */
function stepWords(body) {
  const name = String(body.n ?? "").split(".")[0];
  const detail = body.note ?? body.reason ?? (name === "commented" || name === "answered" || name === "followedUp" ? body.text : undefined);
  return (knows("step." + name) ? say("step." + name) : name) + (typeof detail === "string" && detail ? `: ${detail}` : "");
}

function close() {
  document.body.classList.remove("opened");
  /** @type {HTMLElement | null} */ (document.querySelector(".line.is-current a"))?.focus();
}

// ---- commands

/** What the open form does when it is sent. @type {(() => Promise<void>) | undefined} */
let doIt;

/** @param {string} title @param {Node[]} fields @param {() => Promise<void>} work */
function showForm(title, fields, work) {
  byId("form-heading").textContent = title;
  byId("fields").replaceChildren(...fields);
  byId("form-problem").textContent = "";
  doIt = work;
  dialog.showModal();
  /** @type {HTMLElement} */ (dialog.querySelector("#fields input, #fields textarea, #fields select") ?? byId("command-send")).focus();
}

/** @param {string} name */
function ask(name) {
  const target = /** @type {Report} */ (report);
  const key = newKey();
  /** @type {Map<File, string>} A photo goes up once, however often its command is tried. */
  const proofs = new Map();
  showForm(`${say("do." + name)} ${target.number}`, fieldsOf[name].map(input), async () => {
    const body = await bodyOf(name, target.number, proofs);
    const answer = await give(target.number, body, key);
    dialog.close();
    const outcome = await outcomeOf(target.number, answer.commandId);
    await open(target.number);
    byId("outcome").textContent = outcome;
    tag = "";
    void refresh();
  });
}

/** @param {string} number @param {object} body @param {string} key */
const give = (number, body, key) => call(`/api/staff/reports/${number}/commands`, {
  method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "Idempotency-Key": key },
});

/** What became of a command, as a sentence. @param {string} number @param {string} id */
async function outcomeOf(number, id) {
  for (let tries = 0; tries < 20; tries++) {
    const outcome = await call(`/api/staff/reports/${number}/commands/${id}`);
    if (outcome.status !== "pending") {
      return outcome.status === "applied" ? say("applied") : say("refusedAs", { reason: outcome.reason });
    }

    await new Promise((resolve) => setTimeout(resolve, 300));
  }

  return say("pending");
}

/** @param {import("./commands.js").Field} field */
function input(field) {
  const label = say(field.label);
  const common = { name: field.name, required: field.needed };
  switch (field.type) {
    case "check":
      return make("label", { class: "check" }, make("input", { type: "checkbox", name: field.name, checked: field.value }), " ", label);
    case "area":
      return make("label", { class: "field" }, label, make("textarea", { ...common, rows: 3, maxlength: 4000 }));
    case "when":
      return make("label", { class: "field" }, label, make("input", { ...common, type: "datetime-local" }));
    case "photo":
      return make("label", { class: "field" }, label, make("input", { ...common, type: "file", accept: "image/*", capture: "environment" }));
    case "choice":
      return make("label", { class: "field" }, label, make("select", common, make("option", { value: "" }, say("choosePlease")), ...choices(field.from ?? "")));
    default:
      return make("label", { class: "field" }, label, make("input", { ...common, inputmode: field.type === "number" ? "numeric" : null, dir: field.type === "number" ? "ltr" : null, maxlength: 100 }));
  }
}

/** @param {string} from */
function choices(from) {
  const options = (/** @type {[string, string][]} */ pairs) => pairs.map(([value, text]) => make("option", { value }, text));
  switch (from) {
    case "teams":
      return options(me.teams.map((team) => [team.id, team.name]));
    case "agencies":
      return options(me.agencies.map((agency) => [agency.id, agency.name]));
    case "categories":
      return options(city.categories.map((category) => [category.code, words(category.name)]));
    case "departments":
      return options(city.departments.filter((department) => me.departments.length === 0 || me.departments.includes(department.id)).map((department) => [department.id, words(department.name)]));
    default:
      return options(city.municipalities.filter((place) => me.municipalities.length === 0 || me.municipalities.includes(place.id)).map((place) => [place.id, words(place.name)]));
  }
}

/** @param {string} name @param {string} number @param {Map<File, string>} proofs */
async function bodyOf(name, number, proofs) {
  /** @type {Record<string, unknown>} */
  const body = { command: name };
  const data = new FormData(command);
  for (const field of fieldsOf[name]) {
    const value = data.get(field.name);
    if (field.type === "check") {
      body[field.name] = value !== null;
    } else if (field.type === "photo") {
      if (value instanceof File && value.size > 0) {
        body.attachmentIds = [await prove(number, value, proofs)];
      }
    } else if (typeof value === "string" && value.trim()) {
      body[field.name] = field.type === "when" ? new Date(value).toISOString() : value.trim();
    }
  }

  return body;
}

/** Sends a proof up and waits until the report has it. @param {string} number @param {File} file @param {Map<File, string>} proofs */
async function prove(number, file, proofs) {
  if (!(await kindOf(file))) {
    throw new CallError({ status: 400, title: say("photoNot") });
  }

  const key = proofs.get(file) ?? newKey();
  proofs.set(file, key);
  const { attachmentId } = await call(`/api/staff/reports/${number}/attachments`, {
    method: "POST", body: await shrink(file), headers: { "Content-Type": "image/jpeg", "Idempotency-Key": key }, patience: 300000,
  });
  for (let tries = 0; tries < 40; tries++) {
    const now = /** @type {Report} */ (await call("/api/staff/reports/" + number));
    if (now.attachments.some((kept) => kept.id === attachmentId)) {
      break;
    }

    await new Promise((resolve) => setTimeout(resolve, 250));
  }

  return attachmentId;
}

/** @param {SubmitEvent} event */
async function sendForm(event) {
  event.preventDefault();
  const button = /** @type {HTMLButtonElement} */ (byId("command-send"));
  if (button.disabled || !doIt) {
    return; // A second tap is the same command.
  }

  button.disabled = true;
  byId("form-problem").textContent = "";
  try {
    await doIt();
  } catch (error) {
    fail(error);
    byId("form-problem").textContent = titleOf(error);
  } finally {
    button.disabled = false;
  }
}

/** @param {unknown} error */
function titleOf(error) {
  if (!(error instanceof CallError)) {
    throw error;
  }

  return [error.failure.title, ...Object.values(error.failure.errors ?? {}).flat()].join(" · ");
}

/** @param {unknown} error */
function fail(error) {
  if (error instanceof CallError && error.failure.status === 401) {
    showSignIn();
  }
}

function assignSelected() {
  const keys = new Map([...selected].map((number) => [number, newKey()]));
  const all = keys.size;
  showForm(`${say("bulkAssign")} (${all})`, fieldsOf.assign.map(input), async () => {
    const body = await bodyOf("assign", "", new Map());
    const problems = [];
    for (const [number, key] of keys) {
      try {
        await give(number, body, key);
        selected.delete(number);
        keys.delete(number);
      } catch (error) {
        problems.push(`${number}: ${titleOf(error)}`);
      }
    }

    tag = "";
    await refresh();
    if (problems.length > 0) {
      throw new CallError({ status: 409, title: [say("bulkDone", { done: all - problems.length, n: all }), ...problems].join(" · ") });
    }

    dialog.close();
  });
}

// ---- the agent's desk

function openDesk() {
  const key = newKey();
  const past = make("div", { class: "past", "aria-live": "polite", tabindex: "0", role: "region", "aria-label": say("deskLook"), hidden: true });
  const phone = make("input", { name: "phone", type: "tel", inputmode: "tel", dir: "ltr", autocomplete: "off", maxlength: 20, onchange: () => void look() });
  const field = (/** @type {string} */ label, /** @type {HTMLElement} */ control) => make("label", { class: "field" }, say(label), control);
  showForm(say("desk"), [
    field("deskPhone", phone), past,
    make("label", { class: "check" }, make("input", { type: "checkbox", name: "own" }), " ", say("deskOwn")),
    field("deskText", make("textarea", { name: "text", rows: 3, maxlength: 4000 })),
    field("category", make("select", { name: "category" }, make("option", { value: "" }, say("choosePlease")), ...choices("categories"))),
    field("municipality", make("select", { name: "municipality" }, make("option", { value: "" }, say("choosePlease")), ...choices("municipalities"))),
    field("deskAddress", make("input", { name: "address", maxlength: 300 })),
    field("deskNational", make("input", { name: "national", dir: "ltr", maxlength: 8, autocapitalize: "characters" })),
    field("deskName", make("input", { name: "name", maxlength: 100, autocomplete: "off" })),
  ], async () => {
    const data = new FormData(command);
    const value = (/** @type {string} */ name) => String(data.get(name) ?? "").trim() || null;
    const location = { address: value("address"), nationalAddress: value("national"), municipality: value("municipality") };
    const answer = await call("/api/staff/reports", {
      method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify({
        text: value("text"), category: value("category"), reporter: { phone: value("phone"), name: value("name") },
        location: Object.values(location).some(Boolean) ? location : null, fromThisPhone: data.get("own") !== null,
      }),
    });
    dialog.close();
    byId("summary").textContent = say("deskDone", { number: answer.number });
    tag = "";
    window.setTimeout(() => void refresh(), 1500);
  });

  async function look() {
    try {
      const found = await call("/api/staff/callers", { method: "POST", body: JSON.stringify({ phone: phone.value }), headers: { "Content-Type": "application/json" } });
      past.replaceChildren(found.reports.length === 0 ? say("deskNone") : make("ul", { class: "plain" },
        ...found.reports.map((/** @type {Row & { text?: string }} */ earlier) => make("li", {},
          make("bdi", { dir: "ltr" }, earlier.number), " · ", categoryName(earlier.category), " · ", say("status." + earlier.status), " · ", span(earlier.receivedAt), earlier.text ? make("p", { class: "quiet small" }, earlier.text) : null))));
    } catch (error) {
      past.textContent = titleOf(error);
    }

    past.hidden = false;
  }
}

// ---- keyboard and start

/** @param {KeyboardEvent} event */
function key(event) {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && dialog.open) {
    command.requestSubmit();
    return;
  }

  const typing = event.target instanceof HTMLElement && event.target.closest("input:not([type=checkbox]), textarea, select");
  if (typing && event.key === "Escape" && !dialog.open) {
    /** @type {HTMLElement} */ (event.target).blur();
  }

  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || !me) {
    return;
  }

  /** @type {Record<string, () => void>} */
  const actions = {
    j: () => move(1),
    k: () => move(-1),
    o: () => current && void open(current),
    x: () => current && select(current),
    d: () => /** @type {HTMLElement | null} */ (document.querySelector("[data-next]"))?.click(),
    n: () => me.keysIn && openDesk(),
    "/": () => form.querySelector("input")?.focus(),
    "?": () => /** @type {HTMLDialogElement} */ (byId("help")).showModal(),
    Escape: close,
  };
  // The letter's place on the keyboard counts too: an Arabic layout has others there.
  const name = actions[event.key] ? event.key : event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
  if (actions[name]) {
    event.preventDefault();
    actions[name]();
  }
}

function showSignIn() {
  byId("sign-in").hidden = false;
  byId("work").hidden = !me;
}

function fillFilters() {
  const set = (/** @type {string} */ name, /** @type {HTMLOptionElement[]} */ options, /** @type {string} */ first) => {
    const select = /** @type {HTMLSelectElement} */ (form.elements.namedItem(name));
    select.replaceChildren(make("option", { value: "" }, first), ...options);
  };
  set("municipality", choices("municipalities"), `${say("municipality")}: ${say("all")}`);
  set("department", choices("departments"), `${say("department")}: ${say("all")}`);
  set("status", ["received", "assigned", "inProgress", "onHold", "referred", "resolved", "closed", "rejected", "merged"].map((status) => make("option", { value: status }, say("status." + status))), say("open"));
  for (const [name, value] of new URLSearchParams(location.search)) {
    const box = form.elements.namedItem(name);
    if (box instanceof HTMLInputElement && box.type === "checkbox") {
      box.checked = value === box.value;
    } else if (box instanceof HTMLInputElement || box instanceof HTMLSelectElement) {
      box.value = value;
    }
  }
}

async function start() {
  try {
    [me, city] = await Promise.all([call("/api/staff/me"), call("/api/city")]);
  } catch (error) {
    fail(error);
    document.body.dataset.ready = "no";
    return;
  }

  byId("who").textContent = me.roles.join(", ");
  byId("work").hidden = byId("detail").hidden = false;
  byId("open-desk").hidden = !me.keysIn;
  fillFilters();
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filtered);
  command.addEventListener("submit", (event) => void sendForm(event));
  byId("command-cancel").addEventListener("click", () => dialog.close());
  byId("more").addEventListener("click", () => { shown += pageSize; tag = ""; void refresh(); });
  byId("bulk-assign").addEventListener("click", assignSelected);
  byId("bulk-clear").addEventListener("click", () => { selected.clear(); showRows(); });
  byId("open-desk").addEventListener("click", openDesk);
  byId("open-help").addEventListener("click", () => /** @type {HTMLDialogElement} */ (byId("help")).showModal());
  document.addEventListener("keydown", key);
  await refresh();
  const asked = new URLSearchParams(location.search).get("report");
  if (asked) {
    await open(asked);
  }

  setInterval(() => document.visibilityState === "visible" && void refresh(), pollEvery);
  document.body.dataset.ready = "yes";
}

void start();
