// @ts-check
// Photos on the phone, before they travel: what they are, where they were taken, and smaller.

const longestSide = 2048;

/** Bytes above which the server takes no photo. */
export const mostBytes = 20 * 1024 * 1024;

/**
 * What a file is, by its first bytes; whatever its name says.
 * @param {Blob} file
 * @returns {Promise<"jpeg" | "png" | "webp" | "heic" | null>}
 */
export async function kindOf(file) {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head);
  return head[0] === 0xff && head[1] === 0xd8 ? "jpeg"
    : text.startsWith("\x89PNG") ? "png"
    : text.startsWith("RIFF") && text.slice(8) === "WEBP" ? "webp"
    : /^ftyp(hei|mif|msf|avif)/.test(text.slice(4)) ? "heic"
    : null;
}

/**
 * The photo as it will travel: small enough for a slow network, and without what the phone wrote into it. One that this
 * browser cannot read goes as it is; the server knows more formats.
 * @param {Blob} file
 * @returns {Promise<Blob>}
 */
export async function shrink(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    /** @type {Blob | null} */
    const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.82));
    return small ?? file;
  } catch {
    return file;
  }
}

/**
 * Where a JPEG says that it was taken (EXIF's GPS directory).
 * @param {Blob} file
 * @returns {Promise<{ lat: number, lon: number } | null>}
 */
export async function placeOf(file) {
  const view = new DataView(await file.slice(0, 256 * 1024).arrayBuffer());
  try {
    const tiff = findExif(view);
    return tiff === null ? null : readPosition(view, tiff);
  } catch (error) {
    if (error instanceof RangeError) {
      return null; // Cut off or nonsense: a photo without a place.
    }

    throw error;
  }
}

/** @param {DataView} view @returns {number | null} Where the TIFF header begins. */
function findExif(view) {
  if (view.getUint16(0) !== 0xffd8) {
    return null;
  }

  for (let at = 2; view.getUint8(at) === 0xff && view.getUint8(at + 1) !== 0xda; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint8(at + 1) === 0xe1 && view.getUint32(at + 4) === 0x45786966) {
      return at + 10;
    }
  }

  return null;
}

/** @param {DataView} view @param {number} tiff */
function readPosition(view, tiff) {
  const little = view.getUint16(tiff) === 0x4949;
  const root = readDirectory(view, tiff, tiff + view.getUint32(tiff + 4, little), little);
  const gps = root.get(0x8825);
  if (!gps) {
    return null;
  }

  const entries = readDirectory(view, tiff, tiff + view.getUint32(gps + 8, little), little);
  const lat = degrees(entries.get(1), entries.get(2), "S");
  const lon = degrees(entries.get(3), entries.get(4), "W");
  return lat === null || lon === null || !Number.isFinite(lat) || !Number.isFinite(lon) || (lat === 0 && lon === 0) ? null : { lat, lon };

  /** @param {number | undefined} side @param {number | undefined} entry @param {string} negative */
  function degrees(side, entry, negative) {
    if (!side || !entry) {
      return null;
    }

    const at = tiff + view.getUint32(entry + 8, little);
    const part = (/** @type {number} */ index) => view.getUint32(at + index * 8, little) / view.getUint32(at + index * 8 + 4, little);
    const value = part(0) + part(1) / 60 + part(2) / 3600;
    return String.fromCharCode(view.getUint8(side + 8)) === negative ? -value : value;
  }
}

/** @param {DataView} view @param {number} tiff @param {number} at @param {boolean} little */
function readDirectory(view, tiff, at, little) {
  /** @type {Map<number, number>} */
  const entries = new Map();
  for (let index = 0, count = view.getUint16(at, little); index < count; index++) {
    const entry = at + 2 + index * 12;
    entries.set(view.getUint16(entry, little), entry);
  }

  return entries;
}
