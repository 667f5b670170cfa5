// @ts-check
// What can be done to a report: the sensible step of each status first, and what each command asks for.

/**
 * @typedef {{ name: string, label: string, type: "text" | "area" | "check" | "when" | "choice" | "photo" | "number", needed?: boolean, from?: string, value?: boolean }} Field
 */

/** By status, the sensible one first. The API decides; this only saves asking in vain. @type {Record<string, string[]>} */
const byStatus = {
  received: ["assign", "answer", "reclassify", "refer", "merge", "reject"],
  assigned: ["start", "answer", "resolve", "assign", "hold", "refer", "reclassify", "merge", "reject"],
  inProgress: ["resolve", "hold", "assign", "refer", "reclassify", "merge", "reject"],
  onHold: ["start", "answer", "resolve", "assign", "refer", "reclassify", "merge", "reject"],
  referred: ["resolve", "answer", "assign", "refer", "reclassify", "reject"],
  resolved: ["verify", "reopen"],
  closed: ["reopen"],
  rejected: ["reopen"],
  merged: ["unmerge"],
};

/** What a command asks for. @type {Record<string, Field[]>} */
export const fieldsOf = {
  assign: [
    { name: "municipality", label: "municipality", type: "choice", from: "municipalities" },
    { name: "department", label: "department", type: "choice", from: "departments" },
    { name: "team", label: "team", type: "choice", from: "teams" },
  ],
  start: [],
  comment: [{ name: "text", label: "comment", type: "area", needed: true }, { name: "public", label: "public", type: "check" }],
  hold: [{ name: "reason", label: "reason", type: "area", needed: true }, { name: "until", label: "until", type: "when", needed: true }],
  refer: [{ name: "agency", label: "agency", type: "choice", from: "agencies", needed: true }, { name: "note", label: "note", type: "area" }],
  answer: [{ name: "text", label: "answerText", type: "area", needed: true }],
  resolve: [{ name: "proof", label: "proof", type: "photo" }, { name: "note", label: "note", type: "area" }],
  verify: [{ name: "confirmed", label: "confirmed", type: "check", value: true }, { name: "note", label: "note", type: "area" }],
  reject: [{ name: "reason", label: "reason", type: "area", needed: true }],
  merge: [{ name: "into", label: "into", type: "number", needed: true }],
  unmerge: [],
  reopen: [{ name: "reason", label: "reason", type: "area", needed: true }],
  reclassify: [{ name: "category", label: "category", type: "choice", from: "categories", needed: true }],
  flagMisuse: [{ name: "kind", label: "kind", type: "text", needed: true }],
};

/**
 * What this person may do to this report, the next sensible step first.
 * @param {{ status: string, kind: string }} report
 * @param {string[]} mine
 */
export function actionsOf(report, mine) {
  const enquiry = report.kind === "enquiry";
  return [...(byStatus[report.status] ?? []), "comment", "flagMisuse"]
    .filter((name) => mine.includes(name) && (enquiry ? !["start", "resolve", "merge"].includes(name) : name !== "answer"));
}
