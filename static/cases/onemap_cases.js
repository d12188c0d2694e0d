// The one map's cases: gathered into clusters, each case by tier (its letter) and clock (its shape and colour).
"use strict";
(() => {
  const { data, state, map, part, make, say, ask, set, on, icon, grids } = window.oneMap;
  if (!data.sees) return;
  const cluster = L.markerClusterGroup({ maxClusterRadius: 46, showCoverageOnHover: false, chunkedLoading: true, iconCreateFunction: heap });
  let all = []; // [key, longitude, latitude, tier, clock, state] each
  let got = null; // the box that `all` is whole for, and what was asked

  function pin([, , , tier, light]) {
    const html = make("span", { class: `om-pin om-pin-${light}` }, tier);
    return L.divIcon({ className: "om-pin-box", html, iconSize: [26, 26], popupAnchor: [0, -10] });
  }

  // A heap of cases, with its overdue ones said apart.
  function heap(group) {
    const markers = group.getAllChildMarkers();
    const late = markers.filter((marker) => marker.options.light === "late").length;
    const html = make("span", { class: `om-heap${late ? " om-heap-late" : ""}`, title: say("clusters", { n: markers.length, late }) },
      make("b", {}, String(markers.length)), late ? make("small", {}, `! ${late}`) : null);
    return L.divIcon({ className: "om-heap-box", html, iconSize: [42, 42] });
  }

  function marker(point) {
    const [pk, lng, lat, tier, light] = point;
    const one = L.marker([lat, lng], { icon: pin(point), light, title: `${tier} · ${data.lights[light]}`, keyboard: true });
    one.bindPopup(() => make("div", { class: "om-bubble" }, "…"), { minWidth: 220 });
    one.on("popupopen", (event) => tell(pk, event.popup));
    return one;
  }

  async function tell(pk, popup) {
    const found = await ask("case", data.urls.case.replace("/0/", `/${pk}/`));
    if (!found) return;
    popup.setContent(make("div", { class: "om-bubble" },
      make("p", { class: "gg-no" }, found.no), make("b", {}, found.title),
      make("p", {}, make("span", { class: `gg-light gg-light-${found.light}` }, icon(data.icons[found.light]), found.light_word), " ", found.left),
      make("p", {}, `${found.state} · ${found.tier}`), make("p", { class: "gg-quiet" }, found.place),
      make("a", { class: "gg-link", href: found.url }, data.words.toCase)));
  }

  function show() {
    const wanted = all.filter(([, , , tier, light, now]) => set.has("tiers", tier) && set.has("lights", light) && (!state.state || now === state.state));
    cluster.clearLayers();
    cluster.addLayers(wanted.map(marker));
  }

  async function fetchCases() {
    if (!set.has("on", "cases")) {
      cluster.remove();
      return;
    }
    cluster.addTo(map);
    const asked = JSON.stringify([state.day, state.span, state.cases]);
    const view = map.getBounds();
    if (got?.asked === asked && got.whole && got.box.contains(view)) return;
    const box = view.pad(0.5);
    const edges = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((edge) => edge.toFixed(5)).join(",");
    const found = await ask("points", data.urls.points, { day: state.day, span: state.span, cases: state.cases, box: edges });
    if (!found) return;
    all = found.points;
    got = { asked, box, whole: !found.more };
    const more = part("more");
    more.hidden = !found.more;
    more.textContent = found.more ? say("more", { n: all.length }) : "";
    show();
  }

  // Who has no ground of the own is shown where the own cases are.
  if (!grids) {
    window.oneMap.home = async () => {
      const found = await ask("points", data.urls.points, { day: state.day });
      const bounds = L.latLngBounds((found?.points || []).map(([, lng, lat]) => [lat, lng]));
      if (bounds.isValid()) map.fitBounds(bounds.pad(0.1), { animate: false, maxZoom: 17 });
    };
  }

  // A bubble that pushes the map aside to be seen must not be taken away by that.
  let reading = false;
  map.on("popupopen", () => { reading = true; });
  map.on("popupclose", () => { reading = false; });

  on("moved", () => { if (!reading) fetchCases(); });
  on("state", (names) => {
    if (["day", "span", "cases", "on"].some((name) => names.has(name))) fetchCases();
    if (["tiers", "lights", "state"].some((name) => names.has(name))) show();
  });
})();
