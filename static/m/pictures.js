// Photos made small before they are kept and sent, by workers and by residents: at most 1280 pixels and 300 KB, upright, as JPEG. What this browser can't
// read (an iPhone's HEIC on Android) stays as it is; the house reads it.
"use strict";
window.Pictures = (() => {
  const SIDE = 1280, BYTES = 300 * 1024;
  // Before that, browsers drew pictures as the camera lay.
  const turns = window.CSS && CSS.supports && CSS.supports("image-orientation", "from-image");

  const bytesOf = (blob) => (blob.arrayBuffer ? blob.arrayBuffer() : new Response(blob).arrayBuffer());

  // The EXIF orientation of a JPEG, 1 to 8.
  const orientation = (buffer) => {
    const view = new DataView(buffer);
    if (view.byteLength < 12 || view.getUint16(0) !== 0xffd8) return 1;
    for (let at = 2; at + 10 < view.byteLength;) {
      const mark = view.getUint16(at), size = view.getUint16(at + 2);
      if (mark === 0xffe1 && view.getUint32(at + 4) === 0x45786966) {
        const tiff = at + 10, small = view.getUint16(tiff) === 0x4949, first = tiff + view.getUint32(tiff + 4, small);
        if (first + 2 > view.byteLength) return 1;
        for (let n = view.getUint16(first, small), entry = first + 2; n > 0 && entry + 12 <= view.byteLength; n -= 1, entry += 12) {
          if (view.getUint16(entry, small) === 0x0112) return view.getUint16(entry + 8, small);
        }
        return 1;
      }
      if ((mark & 0xff00) !== 0xff00 || mark === 0xffda) return 1;
      at += 2 + size;
    }
    return 1;
  };

  const load = (blob) => new Promise((resolve, reject) => {
    const image = new Image(), url = URL.createObjectURL(blob);
    image.onload = () => { URL.revokeObjectURL(url); resolve(image); };
    image.onerror = () => { URL.revokeObjectURL(url); reject(new Error("not readable")); };
    image.src = url;
  });

  const draw = (image, side, turn) => {
    const scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
    const width = Math.round(image.naturalWidth * scale), height = Math.round(image.naturalHeight * scale);
    const canvas = document.createElement("canvas"), lying = turn === 6 || turn === 8;
    canvas.width = lying ? height : width;
    canvas.height = lying ? width : height;
    const pen = canvas.getContext("2d");
    pen.translate(canvas.width / 2, canvas.height / 2);
    pen.rotate({ 3: Math.PI, 6: Math.PI / 2, 8: -Math.PI / 2 }[turn] || 0);
    pen.drawImage(image, -width / 2, -height / 2, width, height);
    return canvas;
  };

  const encode = (canvas, quality) => new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", quality); });

  // FILE as a JPEG of at most so many pixels (the longer side) and BYTES, or FILE itself.
  const small = async (file, longest = SIDE, most = BYTES) => {
    try {
      const turn = turns ? 1 : orientation(await bytesOf(file)), image = await load(file);
      for (let side = longest; side >= 320; side = Math.round(side * 0.75)) {
        const canvas = draw(image, side, turn);
        for (const quality of [0.85, 0.7, 0.55]) {
          const blob = await encode(canvas, quality);
          if (blob && blob.size <= most) return blob;
        }
      }
    } catch (error) { /* not readable here */ }
    return file;
  };

  return { small, bytesOf };
})();
