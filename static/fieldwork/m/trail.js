// Points of one's own trail on their way: kept on the phone (by user and patrol) until the house has them.
"use strict";
window.gridgovTrail = (() => {
  const page = document.querySelector("[data-trails]");
  const user = document.documentElement.dataset.user;
  const prefix = `trail:${user}:`;
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)) || []; } catch (error) { return []; } };
  const write = (key, points) => {
    try {
      if (points.length) localStorage.setItem(key, JSON.stringify(points));
      else localStorage.removeItem(key);
    } catch (error) { /* No storage here: what can't be sent now is lost, and nothing else. */ }
  };
  const AT_ONCE = 200;
  // No longer worth keeping: not taken on the way, somebody else's, broken.
  const USELESS = [400, 404, 409];

  const sendKey = async (key) => {
    const points = read(key).slice(0, AT_ONCE);
    if (!points.length) return;
    const answer = await fetch(page.dataset.trails.replace("/0/", `/${key.slice(prefix.length)}/`), {
      method: "POST", credentials: "same-origin", body: JSON.stringify({ points }),
      headers: { "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": (document.cookie.match("(?:^|; )(?:__Host-)?csrftoken=([^;]*)") || [])[1] || page.dataset.token },
    });
    if (!answer.ok && !USELESS.includes(answer.status)) throw new Error(String(answer.status));
    const sent = new Set(points.map((point) => point.at));
    write(key, read(key).filter((point) => !sent.has(point.at)));
    if (read(key).length) await sendKey(key);
  };
  let sending = null;
  const send = () => {
    let keys = [];
    try { keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch (error) { /* forbidden: nothing was kept */ }
    sending = sending || keys.reduce((before, key) => before.then(() => sendKey(key)), Promise.resolve())
      .then(() => true, () => false).then((done) => { sending = null; return done; });
    return sending;
  };
  const add = (patrol, point) => write(prefix + patrol, [...read(prefix + patrol), point]);
  const unsent = (patrol) => read(prefix + patrol).length;

  if (page && user) {
    addEventListener("online", send);
    send();
  }
  return { add, send, unsent };
})();
