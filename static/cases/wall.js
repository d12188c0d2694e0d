// The wall screen: shows one page after the other and asks for fresh numbers. What it has it keeps: through a restart of
// the server, a lost line, and the end of the session; then it says of when its numbers are.
const SECOND = 1000, TURN = 15 * SECOND, ASK = 60 * SECOND, IDLE = 4 * SECOND, STALE = 3;
const { source, asOf, lost, out } = document.body.dataset;
const find = (name) => document.querySelector(`[data-${name}]`);
const make = (tag, { text = "", kind = "" } = {}, ...inside) => {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  made.append(...inside);
  return made;
};
const clock = (moment) => moment.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });

let pages = [], tag = "", fresh = null, standing = "", here = 0, paused = false, turning = 0, chart = null;

const draw = {
  tiles: ({ tiles }) => make("ul", { kind: "tiles" }, ...tiles.map(({ label, value, tone, note }) =>
    make("li", { kind: `${tone} ${value.length > 6 ? "long" : ""}`.trim() }, make("span", { text: label }), make("b", { text: value, kind: tone }), make("small", { text: note })))),
  table: ({ heads, rows }) => make("table", {},
    make("thead", {}, make("tr", {}, make("td"), ...heads.map((text) => make("th", { text })))),
    make("tbody", {}, ...rows.map(({ label, cells }) => make("tr", {}, make("th", { text: label }), ...cells.map(({ text, tone }) => make("td", { text, kind: tone })))))),
  trend: ({ labels, series }) => {
    const canvas = make("canvas");
    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const font = { size: Math.max(14, innerHeight / 40) };
    requestAnimationFrame(() => {
      const shades = ["--series", "--series-2"].map(colour), axis = { ticks: { color: colour("--quiet"), font, maxRotation: 0, autoSkipPadding: 24, precision: 0 }, grid: { color: colour("--line") } };
      chart = new Chart(canvas, {
        type: "line",
        data: { labels, datasets: series.map(({ label, values }, n) => ({ label, data: values, borderColor: shades[n], backgroundColor: shades[n], borderWidth: 5, borderDash: n ? [14, 8] : [], pointRadius: n ? 0 : 5 })) },
        options: { animation: false, responsive: true, maintainAspectRatio: false, scales: { x: axis, y: { ...axis, beginAtZero: true } }, plugins: { legend: { labels: { color: colour("--ink"), font, usePointStyle: true, pointStyle: "line", pointStyleWidth: 60 } } } },
      });
    });
    return make("div", { kind: "trend" }, canvas);
  },
};

function show(number) {
  if (!pages.length) return;
  here = (number + pages.length) % pages.length;
  const page = pages[here], main = find("page");
  chart?.destroy();
  chart = null;
  const drawn = draw[page.kind](page);
  main.replaceChildren(drawn);
  drawn.classList.add("turned");
  main.dataset.page = String(here);
  find("title").textContent = page.title;
  find("part").textContent = page.part ?? "";
  find("dots").replaceChildren(...pages.map((_, n) => make("i", { kind: n === here ? "here" : "" })));
}

function turn() {
  clearInterval(turning);
  if (!paused) turning = setInterval(() => show(here + 1), Number(new URLSearchParams(location.search).get("turn")) * SECOND || TURN);
}

function tell() {
  find("clock").textContent = clock(new Date());
  const line = find("standing");
  const old = fresh && Date.now() - fresh.heard > STALE * ASK;
  line.textContent = [standing, fresh && `${asOf} ${clock(fresh.at)}`].filter(Boolean).join(" · ");
  line.classList.toggle("stale", Boolean(standing || old));
  find("sign-in").hidden = standing !== out;
}

async function ask() {
  try {
    const answer = await fetch(source, { headers: tag ? { "If-None-Match": tag } : {}, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(20 * SECOND) });
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      standing = out;
    } else if (answer.ok || answer.status === 304) {
      if (answer.ok) {
        const first = !pages.length;
        ({ pages } = await answer.json());
        tag = answer.headers.get("ETag");
        if (first || here >= pages.length) show(0); else show(here);
      }
      fresh = { at: new Date(answer.headers.get("Date") ?? Date.now()), heard: Date.now() };
      standing = "";
    } else {
      standing = lost;
    }
  } catch {
    standing = lost;
  }
  tell();
}

const verbs = {
  back: () => { show(here - 1); turn(); },
  next: () => { show(here + 1); turn(); },
  pause: () => { paused = !paused; document.querySelector("[data-do=pause]").setAttribute("aria-pressed", String(paused)); turn(); },
  full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {}),
};
document.querySelectorAll("[data-do]").forEach((button) => button.addEventListener("click", () => verbs[button.dataset.do]()));
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const name = { ArrowLeft: "back", ArrowRight: "next", " ": "pause", f: "full", F: "full" }[event.key];
  if (!name || (event.key === " " && event.target.closest?.("a, button"))) return;
  event.preventDefault();
  verbs[name]();
});

// The screen stays awake where the browser can do that, and the buttons go when nobody touches anything.
const wake = () => { if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {}); };
document.addEventListener("visibilitychange", wake);
wake();
let idle = 0;
const stir = () => { document.body.classList.remove("idle"); clearTimeout(idle); idle = setTimeout(() => document.body.classList.add("idle"), IDLE); };
["pointermove", "keydown", "pointerdown"].forEach((kind) => addEventListener(kind, stir));
stir();

ask();
turn();
setInterval(ask, ASK);
setInterval(tell, SECOND * 5);
addEventListener("online", ask);
