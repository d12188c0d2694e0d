// The outbox: what was entered is kept on the device and sends itself, once, when there is a network. Each item carries a key
// under which the house does it once (gridgov/core/idempotency.py); files go before it in pieces (gridgov/core/uploads.py).
//
//   Outbox.add(item, files)  keep and send      Outbox.all()  what waits      Outbox.retry(), .drop(id)
//   document hears "outbox" with detail {id, state: "sent" | "refused" | "waiting", answer, why}
//   Outbox.off               nothing can be kept here, as "outbox-off" has told: forms are sent as forms (outbox_plain.js)
"use strict";
window.Outbox = (() => {
  const store = window.OutboxStore;
  const user = document.documentElement.dataset.user || "";
  const words = document.getElementById("outbox-words");
  const say = (name) => (words && words.dataset[name]) || "";
  if (!store || !user || !words) return null;

  const PIECE = 256 * 1024, SMALLEST_PIECE = 16 * 1024, PATIENCE = 60000, LONGEST_WAIT = 300000;
  // Photos that are too large for somebody on the way are made so small: pixels of the longer side, bytes.
  const LIGHT = [800, 80 * 1024];
  let running = false, wanted = false, timer = 0;

  const newId = () => {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => ("0" + byte.toString(16)).slice(-2)).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
  const cookie = (name) => {
    const found = document.cookie.split("; ").find((one) => one.replace("__Host-", "").startsWith(name + "="));
    return found ? decodeURIComponent(found.slice(found.indexOf("=") + 1)) : "";
  };

  // --- asking the house ------------------------------------------------------------------------------------------------

  // Why an item is not through: `kind` is retry, signin or refused; `code` names words of ours, `told` are the house's own.
  const stop = (kind, code, told, errors) => Object.assign(new Error(code), { kind, code, told: told || "", errors: errors || [] });

  const ask = async (url, method, body, headers) => {
    const aborter = window.AbortController ? new AbortController() : null;
    const alarm = setTimeout(() => aborter && aborter.abort(), PATIENCE);
    try {
      return await fetch(url, {
        method, body, credentials: "same-origin", redirect: "manual", cache: "no-store", signal: aborter ? aborter.signal : undefined,
        headers: Object.assign({ Accept: "application/json", "X-CSRFToken": cookie(words.dataset.cookie), "X-Client-User": user }, headers),
      });
    } catch (error) {
      throw stop("retry", "network");
    } finally {
      clearTimeout(alarm);
    }
  };

  // The JSON of ANSWER if it is good; throws `stop` otherwise.
  const read = async (answer) => {
    const json = (answer.headers.get("Content-Type") || "").startsWith("application/json") ? await answer.json().catch(() => null) : null;
    if (answer.ok && json) return json;
    const errors = (json && json.errors) || [], code = errors.length ? errors[0].code : "";
    const told = errors.map((error) => error.detail).join(" ");
    if (answer.type === "opaqueredirect" || answer.status === 401) throw stop("signin", "signin");
    if (code === "other_user") throw stop("signin", "other", told);
    if (answer.status === 403 && !json) {
      // The page is older than the session: this brings a new token for the next try, or says that nobody is signed in.
      const asked = await fetch(words.dataset.page, { credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => null);
      throw asked && asked.status === 401 ? stop("signin", "signin") : stop("retry", "token");
    }
    if (answer.ok || answer.status >= 500 || [408, 425, 429].includes(answer.status)) {
      throw Object.assign(stop("retry", "busy", told), { rest: 1000 * Number(answer.headers.get("Retry-After")) || 0 });
    }
    // Too large for the house, or for a server before it.
    if (answer.status === 413) throw stop("refused", "large", told || say("large"), errors);
    throw Object.assign(stop("refused", code || "refused", told || say("refused"), errors), { received: json && json.received });
  };

  // --- sending one item ------------------------------------------------------------------------------------------------

  const sendFile = async (item, file) => {
    const data = await store.bytes(file.id), url = words.dataset.uploads.replace("00000000-0000-0000-0000-000000000000", file.id);
    for (let tries = 0; file.sent < data.byteLength; tries += 1) {
      const end = Math.min(file.sent + (item.piece || PIECE), data.byteLength);
      const range = "bytes " + file.sent + "-" + (end - 1) + "/" + data.byteLength;
      const answer = await ask(url, "PUT", data.slice(file.sent, end), { "Content-Range": range, "Content-Type": file.type });
      try {
        file.sent = (await read(answer)).received;
      } catch (error) {
        if (error.code === "complete") file.sent = data.byteLength;
        else if (error.code === "offset" && tries < 1000) file.sent = error.received;
        else throw error;
      }
      file.whole = file.sent === data.byteLength;
      await store.change(item);
    }
  };

  // A photo made smaller still; as it is where that does not help.
  const lighter = async (type, data) => {
    if (!type.startsWith("image/")) return { type, data };
    const blob = await window.Pictures.small(new Blob([data], { type }), ...LIGHT);
    return blob.size < data.byteLength ? { type: blob.type, data: await window.Pictures.bytesOf(blob) } : { type, data };
  };
  // After a 413: what is left of ITEM goes in smaller pieces, as good as before; then with smaller photos. False where it is
  // not the files that are too large, or nothing more can be done.
  const lighten = async (item) => {
    if (item.files.every((file) => file.whole)) return false;
    const piece = (item.piece || PIECE) / 4;
    if (piece >= SMALLEST_PIECE) {
      await store.change(Object.assign(item, { piece }));
      return true;
    }
    if (item.light) return false;
    const files = [], kept = [];
    for (const file of item.files) {
      const data = await store.bytes(file.id), small = file.whole ? { data } : await lighter(file.type, data);
      // Of another size it is another file: the house knows each by its name.
      const next = small.data === data ? file : Object.assign({}, file, { id: newId(), type: small.type, sent: 0 });
      files.push(next);
      kept.push({ id: next.id, item: item.id, data: small.data });
    }
    await store.swap(Object.assign(item, { files, light: true }), kept);
    return true;
  };

  const send = async (item) => {
    for (const file of item.files) await sendFile(item, file);
    const form = new FormData();
    item.fields.forEach((pair) => form.append(pair[0], pair[1]));
    item.files.forEach((file) => form.append("uploads", file.field + ":" + file.id));
    item.posted = true;
    await store.change(item);
    return read(await ask(item.action, "POST", form, { "Idempotency-Key": item.id }));
  };

  // For a device that can't keep it: all at once, now.
  const direct = async (item, shots, light) => {
    const form = new FormData();
    item.fields.forEach((pair) => form.append(pair[0], pair[1]));
    shots.forEach((shot) => form.append(shot.field, new Blob([shot.data], { type: shot.type }), shot.name));
    try {
      return await read(await ask(item.action, "POST", form, { "Idempotency-Key": item.id }));
    } catch (error) {
      if (light || error.code !== "large") throw error;
      return direct(item, await Promise.all(shots.map(async (shot) => Object.assign({}, shot, await lighter(shot.type, shot.data)))), true);
    }
  };

  const tell = (item, state, more) => {
    document.dispatchEvent(new CustomEvent("outbox", { detail: Object.assign({ id: item.id, state }, more) }));
    // Other tabs hear of it by the storage event.
    try { localStorage.setItem("outbox-news", String(Date.now())); } catch (error) { /* full or forbidden: only the others' badge waits */ }
    return badge();
  };

  // True if the next item may be tried.
  const attempt = async (item) => {
    try {
      const answer = await send(item);
      await store.drop(item.id);
      await tell(item, "sent", { answer });
      return true;
    } catch (error) {
      if (!error.kind) throw error;
      if (error.code === "upload_missing" && !item.resent) {
        item.files.forEach((file) => { file.sent = 0; });
        Object.assign(item, { resent: true });
        await store.change(item);
        return attempt(item);
      }
      if (error.code === "large" && await lighten(item)) return attempt(item);
      const refused = error.kind === "refused";
      item.state = refused ? "refused" : "waiting";
      item.why = error.told || say(error.code);
      item.tries += 1;
      const backOff = Math.min(LONGEST_WAIT, 1000 * Math.pow(2, item.tries)) * (0.5 + Math.random());
      item.next = Date.now() + Math.max(backOff, Math.min(LONGEST_WAIT, error.rest || 0));
      item.signin = error.kind === "signin";
      await store.change(item);
      await tell(item, item.state, { why: item.why, errors: error.errors, signin: item.signin });
      return refused;
    }
  };

  // --- one tab at a time -----------------------------------------------------------------------------------------------

  const LEASE = "outbox-lease", TERM = 20000, me = newId();
  const leased = () => JSON.parse(localStorage.getItem(LEASE) || "{}");
  const alone = async (work) => {
    if (navigator.locks) return navigator.locks.request("gridgov-outbox", { ifAvailable: true }, (lock) => (lock ? work() : null));
    try {
      const other = leased();
      if (other.tab && other.tab !== me && other.until > Date.now()) return null;
      const renew = () => localStorage.setItem(LEASE, JSON.stringify({ tab: me, until: Date.now() + TERM }));
      renew();
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (leased().tab !== me) return null;
      const renewing = setInterval(renew, TERM / 4);
      try { return await work(); } finally { clearInterval(renewing); localStorage.removeItem(LEASE); }
    } catch (error) {
      // Without either, two tabs may send the same at once: the house does it once all the same.
      return work();
    }
  };

  const round = async () => {
    for (const item of await store.all(user)) {
      if (item.state === "refused" || item.next > Date.now()) continue;
      if (!(await attempt(item))) return;
    }
  };

  const pump = async () => {
    clearTimeout(timer);
    if (running) { wanted = true; return; }
    running = true;
    try {
      do { wanted = false; await alone(round); } while (wanted);
    } catch (error) {
      console.warn("outbox", error);
    }
    running = false;
    const waiting = (await store.all(user)).filter((item) => item.state !== "refused");
    if (waiting.length) timer = setTimeout(pump, Math.max(1000, Math.min.apply(null, waiting.map((item) => item.next)) - Date.now()));
  };

  const retry = async (id) => {
    for (const item of await store.all(user)) {
      if (id ? item.id !== id : item.state === "refused") continue;
      await store.change(Object.assign(item, { state: "waiting", next: 0, tries: 0, resent: false }));
    }
    return pump();
  };

  const badge = async () => {
    const items = await store.all(user), link = document.getElementById("unsent");
    if (!link) return;
    link.hidden = !items.length;
    link.querySelector("[data-count]").textContent = items.length;
  };

  const outbox = {
    user, newId, say, direct, off: false,
    all: () => store.all(user),
    add: async (item, files) => {
      await store.put(item, files);
      // Asked once it matters: then the browser does not make room by throwing it away.
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => null);
      await badge();
      pump();
    },
    retry,
    drop: async (id) => { await store.drop(id); return badge(); },
  };

  const start = async () => {
    if (!(await store.usable())) {
      outbox.off = true;
      document.dispatchEvent(new CustomEvent("outbox-off"));
      return;
    }
    badge();
    retry();
    addEventListener("online", () => retry());
    addEventListener("storage", (event) => { if (event.key === "outbox-news") { badge(); document.dispatchEvent(new CustomEvent("outbox", { detail: {} })); } });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) retry(); });
  };
  // Once all scripts of the page listen.
  if (document.readyState === "complete") start(); else document.addEventListener("DOMContentLoaded", start);
  return outbox;
})();
