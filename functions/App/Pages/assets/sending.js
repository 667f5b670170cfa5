// @ts-check
// Sends a draft, step by step; each step is kept before the next, so that whatever breaks, the next try goes on from there
// and never makes a second report.
import { CallError, call } from "./page.js";
import { dropDraft, keepDraft, keepReceipt, readDraft } from "./drafts.js";

/** @typedef {import("./drafts.js").Draft} Draft @typedef {import("./drafts.js").Receipt} Receipt */

/**
 * @typedef {object} Outcome
 * @property {"done" | "later" | "refused" | "nothing"} state
 * @property {Receipt} [receipt]
 * @property {import("./page.js").Failure} [failure]
 */

/**
 * The body of a draft, as it is sent first and again.
 * @param {Draft} draft
 * @param {string} language
 */
export function bodyOf(draft, language) {
  return JSON.stringify({
    kind: "report",
    category: draft.category || null,
    text: draft.text.trim() || null,
    location: draft.lat !== null || draft.address.trim() ? { lat: draft.lat, lon: draft.lon, address: draft.address.trim() || null } : null,
    reporter: { phone: draft.phone.trim() || null, language },
    channel: "web",
  });
}

/**
 * Takes the kept draft as far as the network lets it. One at a time, over all windows of this browser.
 * @param {(step: { photo: number, of: number } | null) => void} tell
 * @returns {Promise<Outcome>}
 */
export function deliver(tell) {
  const work = async () => {
    const draft = await readDraft();
    return !draft || draft.phase === "editing" ? /** @type {Outcome} */ ({ state: "nothing" }) : advance(draft, tell);
  };
  return "locks" in navigator ? /** @type {Promise<any>} */ (navigator.locks.request("deliver", work)) : work();
}

/**
 * @param {Draft} draft
 * @param {(step: { photo: number, of: number } | null) => void} tell
 * @returns {Promise<Outcome>}
 */
async function advance(draft, tell) {
  try {
    if (draft.phase === "queued") {
      tell(null);
      const taken = await call("/api/reports", {
        method: "POST", body: draft.body, headers: { "Content-Type": "application/json", "Idempotency-Key": draft.key }, patience: 60000,
      });
      draft.receipt = { number: taken.number, token: taken.token, trackUrl: taken.trackUrl, at: new Date().toISOString(), similar: taken.possibleDuplicates ?? [], notes: [] };
      draft.phase = "uploading";
      await keepDraft(draft);
    }

    await upload(draft, tell);
  } catch (error) {
    if (!(error instanceof CallError)) {
      throw error;
    }

    const { failure } = error;
    if (failure.status === 0 || failure.status === 429 || failure.status >= 500) {
      return { state: "later", failure };
    }

    // Nothing was taken: the citizen corrects it and sends it under the same key.
    draft.phase = "editing";
    delete draft.body;
    await keepDraft(draft);
    return { state: "refused", failure };
  }

  const receipt = /** @type {Receipt} */ (draft.receipt);
  await keepReceipt(receipt);
  await dropDraft();
  return { state: "done", receipt };
}

/**
 * @param {Draft} draft
 * @param {(step: { photo: number, of: number }) => void} tell
 */
async function upload(draft, tell) {
  const receipt = /** @type {Receipt} */ (draft.receipt);
  for (const [index, shot] of draft.shots.entries()) {
    if (shot.sent || shot.refused) {
      continue;
    }

    tell({ photo: index + 1, of: draft.shots.length });
    try {
      await call(`/api/reports/${receipt.number}/attachments`, {
        method: "POST", body: shot.blob, patience: 300000,
        headers: { "Content-Type": shot.blob.type || "application/octet-stream", "Idempotency-Key": shot.id, Authorization: "Bearer " + receipt.token },
      });
      shot.sent = true;
    } catch (error) {
      if (!(error instanceof CallError) || error.failure.status === 0 || error.failure.status === 429 || error.failure.status >= 500) {
        throw error;
      }

      shot.refused = error.failure.title;
      receipt.notes?.push(error.failure.title);
    }

    await keepDraft(draft);
  }
}
