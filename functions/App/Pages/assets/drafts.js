// @ts-check
// The draft and the receipts of this device, in IndexedDB, so that neither a closed browser nor a lost network loses them.

/**
 * @typedef {{ id: string, blob: Blob, sent: boolean, refused?: string }} Shot
 * @typedef {object} Draft
 * @property {"draft"} id
 * @property {string} key Idempotency key: the same draft is the same report, however often it is sent.
 * @property {"editing" | "queued" | "uploading"} phase
 * @property {string} text
 * @property {string} category
 * @property {string} phone
 * @property {string} address
 * @property {number | null} lat
 * @property {number | null} lon
 * @property {"photo" | "device" | "map" | ""} placeBy
 * @property {Shot[]} shots
 * @property {string} [body] What was sent first; a repeat must not differ from it.
 * @property {Receipt} [receipt]
 *
 * @typedef {object} Receipt
 * @property {string} number
 * @property {string} token
 * @property {string} trackUrl
 * @property {string} at
 * @property {{ followId: string, category: string, distanceMetres: number, receivedAt: string }[]} similar
 * @property {string[]} [notes]
 */

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("reports", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("drafts", { keyPath: "id" });
      request.result.createObjectStore("receipts", { keyPath: "number" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/**
 * @template T
 * @param {"drafts" | "receipts"} store
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} work
 * @returns {Promise<T>}
 */
async function run(store, mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode);
    const request = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

/** @returns {Promise<Draft | undefined>} */
export const readDraft = () => run("drafts", "readonly", (store) => store.get("draft"));

/** @param {Draft} draft */
export const keepDraft = (draft) => run("drafts", "readwrite", (store) => store.put(draft));

export const dropDraft = () => run("drafts", "readwrite", (store) => store.delete("draft"));

/** @param {Receipt} receipt */
export const keepReceipt = (receipt) => run("receipts", "readwrite", (store) => store.put(receipt));

/** @returns {Promise<Receipt[]>} The newest first. */
export const readReceipts = async () => (await run("receipts", "readonly", (store) => store.getAll())).sort((one, other) => other.at.localeCompare(one.at));

export const dropReceipts = () => run("receipts", "readwrite", (store) => store.clear());
