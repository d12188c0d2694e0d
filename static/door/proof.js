// Work in place of an answer: looks for a number whose SHA-256 with the question's token begins with so many zero bits, in small
// portions, so that the page stays alive. Written out, since crypto.subtle is not there on plain http.
(function () {
  var box = document.querySelector("[data-proof]");
  if (!box) return;

  var K = [], H = [];
  (function () {
    for (var n = 2; K.length < 64; n++) {
      var prime = true;
      for (var f = 2; f * f <= n; f++) if (n % f === 0) prime = false;
      if (!prime) continue;
      if (H.length < 8) H.push((Math.sqrt(n) % 1) * 4294967296 | 0);
      K.push((Math.cbrt(n) % 1) * 4294967296 | 0);
    }
  })();

  // The first word of the digest of TEXT (ASCII).
  function first(text) {
    var words = [], length = text.length, i, j;
    for (i = 0; i < length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
    words[length >> 2] |= 0x80 << (24 - (length % 4) * 8);
    var size = (((length + 8) >> 6) + 1) * 16;
    words[size - 1] = length * 8;
    var h = H.slice(), w = new Array(64);
    for (i = 0; i < size; i += 16) {
      var a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], p = h[7];
      for (j = 0; j < 64; j++) {
        if (j < 16) w[j] = words[i + j] | 0;
        else {
          var x = w[j - 15], y = w[j - 2];
          w[j] = (w[j - 16] + w[j - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
            + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0;
        }
        var one = (p + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + ((e & f) ^ (~e & g)) + K[j] + w[j]) | 0;
        var two = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        p = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      [a, b, c, d, e, f, g, p].forEach(function (value, k) { h[k] = (h[k] + value) | 0; });
    }
    return h[0] >>> 0;
  }

  var said = box.querySelector("[data-proof-said]"), work = box.querySelector("[name=proof_work]");
  var token = box.dataset.token, below = Math.pow(2, 32 - Number(box.dataset.bits)), number = 0;
  said.textContent = said.dataset.working;
  (function portion() {
    for (var end = number + 2000; number < end; number++) {
      if (first(token + ":" + number) < below) {
        work.value = number;
        said.textContent = said.dataset.ready;
        return;
      }
    }
    setTimeout(portion, 0);
  })();
})();
