// The photos of a case in large: arrow keys, real size, before beside after. Without this script a thumb opens its file.
"use strict";
(() => {
  const viewer = document.getElementById("photo-viewer");
  const links = [...document.querySelectorAll("a[data-photo]")];
  if (!viewer || !viewer.showModal) return;

  const part = (name) => viewer.querySelector(`[data-do="${name}"]`);
  const panes = ["one", "two"].map((name) => viewer.querySelector(`[data-pane="${name}"]`));
  const why = viewer.querySelector("[data-why]"), error = viewer.querySelector(".gg-viewer-error");
  let at = 0, comparing = false, shown = "";  // what `shown` holds is an original, for this once

  const here = () => links[at];
  const addressOf = (what) => viewer.dataset.address.replace("/0/blur/", `/${here().dataset.photo}/${what}/`);

  function forget() {
    if (shown) URL.revokeObjectURL(shown);
    shown = "";
  }

  function say(words) {
    error.textContent = words;
    error.hidden = !words;
  }

  // As large as its pane allows, but never beyond its own size.
  function fit(pane) {
    const image = pane.querySelector("img"), room = pane.querySelector(".gg-viewer-scroll");
    const width = Number(image.dataset.width), height = Number(image.dataset.height);
    const real = viewer.classList.contains("gg-viewer-real");
    const scale = real ? 1 : Math.min(1.5, room.clientWidth / width, room.clientHeight / height);
    image.style.width = `${Math.floor(width * scale)}px`;
    image.style.height = `${Math.floor(height * scale)}px`;
  }

  function fill(pane, link, source, caption) {
    const image = pane.querySelector("img");
    Object.assign(image, { src: source || link.href, alt: link.dataset.caption });
    Object.assign(image.dataset, { width: link.dataset.width, height: link.dataset.height });
    pane.querySelector("figcaption").textContent = caption;
    fit(pane);
  }

  // The nearest photo of the other kind; null where there is none.
  const opposite = () => links.find((link) => link.dataset.kind !== here().dataset.kind) || null;

  function draw() {
    const link = here(), other = comparing ? opposite() : null;
    panes[1].hidden = !other;
    viewer.querySelector("[data-count]").textContent = `${at + 1} / ${links.length}`;
    viewer.querySelector("[data-caption-text]").textContent = link.dataset.caption;
    const pair = other && link.dataset.kind === "after" ? [other, link] : [link, other];
    fill(panes[0], pair[0], other ? "" : shown, other ? pair[0].dataset.caption : "");
    if (other) fill(panes[1], pair[1], "", pair[1].dataset.caption);
    part("compare").hidden = !opposite();
    part("compare").setAttribute("aria-pressed", String(Boolean(other)));
    part("original").hidden = !("covered" in link.dataset);
    part("back").hidden = part("on").hidden = links.length < 2;
  }

  function go(to) {
    if (viewer.classList.contains("gg-viewer-drawing")) return;
    forget();
    say("");
    why.hidden = true;
    at = (to + links.length) % links.length;
    draw();
  }

  function zoom() {
    const real = viewer.classList.toggle("gg-viewer-real");
    part("zoom").setAttribute("aria-pressed", String(real));
    panes.forEach((pane) => pane.hidden || fit(pane));
  }

  // POST to the address WHAT of this photo; the answer, or null after the refusal was said.
  async function send(what, fields) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": why.elements.csrfmiddlewaretoken.value };
    say("");
    let answer = null;
    try { answer = await fetch(addressOf(what), { method: "POST", headers, body: JSON.stringify(fields) }); } catch { /* not sent */ }
    if (answer?.ok) return answer;
    let told = viewer.dataset.failed;
    try { told = (await answer.json()).errors[0].detail || told; } catch { /* no words of its own */ }
    say(told);
    return null;
  }

  // The page as it is now, with this photo open again.
  function again() {
    location.hash = `photo-${here().dataset.photo}`;
    location.reload();
  }

  const doing = {
    zoom, close: () => viewer.close(), back: () => go(at - 1), on: () => go(at + 1),
    compare: () => { if (opposite()) { comparing = !comparing; forget(); draw(); } },
    original: () => { why.hidden = false; why.elements.reason.focus(); },
    "why-not": () => { why.hidden = true; say(""); },
  };
  viewer.addEventListener("click", (event) => doing[event.target.closest("[data-do]")?.dataset.do]?.());

  why.addEventListener("submit", async (event) => {
    event.preventDefault();
    const what = event.submitter?.value || "original";
    const answer = await send(what, { reason: why.elements.reason.value });
    if (!answer) return;
    if (what === "unblur") { again(); return; }
    const picture = URL.createObjectURL(await answer.blob());
    forget();
    shown = picture;
    why.hidden = true;
    comparing = false;
    draw();
  });

  viewer.addEventListener("keydown", (event) => {
    if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (viewer.classList.contains("gg-viewer-drawing")) return;
    // In real size the arrows scroll.
    const arrows = viewer.classList.contains("gg-viewer-real") ? {} : { ArrowLeft: "back", ArrowRight: "on" };
    const keys = { ...arrows, z: "zoom", c: "compare", b: "blur", PageUp: "back", PageDown: "on" };
    const name = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!name || part(name).hidden) return;
    event.preventDefault();
    part(name).click();
  });

  // A swipe across the picture turns to the next, unless it is scrolled or drawn upon.
  let start = null;
  viewer.addEventListener("touchstart", (event) => { start = event.touches.length === 1 ? event.touches[0] : null; }, { passive: true });
  viewer.addEventListener("touchend", (event) => {
    const end = event.changedTouches[0], wide = start ? end.clientX - start.clientX : 0;
    if (Math.abs(wide) > 60 && Math.abs(end.clientY - start.clientY) < 60 && !viewer.classList.contains("gg-viewer-real")) go(at + (wide < 0 ? 1 : -1));
    start = null;
  }, { passive: true });
  panes.forEach((pane) => pane.querySelector(".gg-viewer-sheet").addEventListener("dblclick", () => {
    if (!viewer.classList.contains("gg-viewer-drawing")) zoom();
  }));
  const room = new ResizeObserver(() => { if (viewer.open) panes.forEach((pane) => pane.hidden || fit(pane)); });
  room.observe(viewer.querySelector("[data-stage]"));

  function open(index) {
    at = index;
    comparing = false;
    viewer.showModal();
    draw();
    panes[0].querySelector(".gg-viewer-scroll").focus();
  }

  viewer.addEventListener("close", () => {
    forget();
    say("");
    why.reset();
    why.hidden = true;
    panes.forEach((pane) => pane.querySelector("img").removeAttribute("src"));
    if (location.hash.startsWith("#photo-")) history.replaceState(null, "", location.pathname + location.search);
    here().focus();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-photo]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open(links.indexOf(link));
  });
  const wanted = links.findIndex((link) => location.hash === `#photo-${link.dataset.photo}`);
  if (wanted >= 0) open(wanted);

  // What static/cases/blur.js needs: the picture that is drawn upon, alone and whole.
  window.photoViewer = {
    viewer, send, again, say,
    alone() {
      comparing = false;
      forget();
      why.hidden = true;
      viewer.classList.remove("gg-viewer-real");
      part("zoom").setAttribute("aria-pressed", "false");
      draw();
      return panes[0].querySelector(".gg-viewer-sheet");
    },
  };
})();
