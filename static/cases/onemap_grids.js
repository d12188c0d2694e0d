// The one map's borders: which level, in which colour, with which number on it.
"use strict";
(() => {
  const { data, state, map, part, make, say, ask, set, change, emit, on } = window.oneMap;
  if (!data.levels.length) return;
  const LEVELS = data.levels.map((level) => level.name);
  const BORDERS = Object.keys(data.borders);
  const MOST_IN_VIEW = 80; // the level by zoom: the finest of which no more than these are in view
  const MOST_LABELS = 400;
  // Sequential and safe for colour-blind eyes (ColorBrewer's YlOrBr); nothing is no colour at all.
  const COLOURS = ["transparent", "#fee391", "#fe9929", "#cc4c02", "#7f2704"];
  // Which of them one, two, three and four classes take.
  const SHADES = [[2], [1, 3], [1, 2, 3], [1, 2, 3, 4]];
  map.createPane("frame").style.zIndex = 410;
  map.createPane("numbers").style.zIndex = 450;
  ["frame", "numbers"].forEach((pane) => { map.getPane(pane).style.pointerEvents = "none"; });

  const shown = { level: "", layer: L.layerGroup(), frame: L.layerGroup(), numbers: L.layerGroup(), shapes: new Map(), figures: null, breaks: [] };
  [shown.layer, shown.frame, shown.numbers].forEach((layer) => layer.addTo(map));
  window.oneMap.grids = shown;

  // --- borders, fetched once

  const fetched = new Map();
  function fetchOnce(url) {
    if (!fetched.has(url)) {
      fetched.set(url, ask(url, url).then((found) => {
        if (!found) fetched.delete(url);
        return found ? found.features : [];
      }));
    }
    return fetched.get(url);
  }

  async function bordersOf(level) {
    const about = data.borders[level];
    if (!about) return [];
    if (!about.pieces) return fetchOnce(about.url);
    const view = map.getBounds();
    const around = (await bordersOf("total")).filter((feature) => view.intersects(bounds(feature))).slice(0, 12);
    return (await Promise.all(around.map((feature) => fetchOnce(`${about.url}?under=${feature.properties.code}`)))).flat();
  }

  const boxes = new WeakMap();
  function bounds(feature) {
    if (!boxes.has(feature)) boxes.set(feature, L.geoJSON(feature).getBounds());
    return boxes.get(feature);
  }
  const boundsOf = (features) => features.reduce((whole, feature) => whole.extend(bounds(feature)), L.latLngBounds([]));

  // The whole ground, from its widest borders.
  let ground = L.latLngBounds([]);
  window.oneMap.home = async () => {
    const widest = LEVELS.find((level) => data.borders[level]);
    if (!widest) return;
    const own = await fetchOnce(data.borders[widest].pieces ? data.borders[BORDERS[0]].url : data.borders[widest].url);
    ground = boundsOf(own);
    if (ground.isValid() && !state.at) map.fitBounds(ground.pad(0.03), { animate: false, maxZoom: 18 });
  };

  // --- which level

  // The share of the ground that is in view, by area.
  function share() {
    if (!ground.isValid()) return 1;
    const view = map.getBounds();
    const wide = (box) => Math.max(0, box.getEast() - box.getWest()) * Math.max(0, box.getNorth() - box.getSouth());
    const [west, east] = [Math.max(view.getWest(), ground.getWest()), Math.min(view.getEast(), ground.getEast())];
    const [south, north] = [Math.max(view.getSouth(), ground.getSouth()), Math.min(view.getNorth(), ground.getNorth())];
    return wide(ground) ? (Math.max(0, east - west) * Math.max(0, north - south)) / wide(ground) : 1;
  }

  function levelNow() {
    if (state.level !== "auto") return state.level;
    const part = share();
    const fitting = data.levels.filter((level) => data.borders[level.name] && level.count * part <= MOST_IN_VIEW);
    return (fitting.at(-1) || data.levels[0]).name;
  }

  // --- drawing

  let turn = 0;
  async function draw() {
    const mine = ++turn;
    if (!ground.isValid()) await window.oneMap.home();
    const level = levelNow();
    const above = BORDERS[BORDERS.indexOf(level) - 1];
    const [features, frame] = await Promise.all([bordersOf(level), above ? bordersOf(above) : []]);
    if (mine !== turn) return;
    const same = level === shown.level && features.length === shown.shapes.size;
    if (!same) put(level, features, frame);
    await figures(level);
  }

  function put(level, features, frame) {
    shown.level = level;
    shown.layer.clearLayers();
    shown.frame.clearLayers();
    shown.shapes.clear();
    L.geoJSON(features, { style: plain, onEachFeature: dress }).addTo(shown.layer);
    L.geoJSON(frame, { pane: "frame", interactive: false, style: { className: "om-frame", weight: 2.5, fill: false } }).addTo(shown.frame);
    emit("level", level);
  }

  const plain = () => ({ className: "om-grid", weight: 1, fillOpacity: 0.1 });

  function dress(feature, shape) {
    const { code } = feature.properties;
    shown.shapes.set(code, shape);
    shape.bindTooltip(() => tip(feature), { sticky: true, className: "om-tip" });
    shape.on("click", () => {
      if (state.grid === code) map.fitBounds(shape.getBounds().pad(0.05));
      else change({ grid: code });
    });
  }

  function tip(feature) {
    const line = shown.figures?.byCode.get(feature.properties.code);
    const told = line ? data.figures.map((name) => make("li", {}, `${data.names[name]} ${line[name]}`)) : [];
    return make("div", {}, make("b", {}, feature.properties.name), make("ul", {}, ...told));
  }

  // --- figures

  async function figures(level) {
    const asked = { level, day: state.day, span: state.span };
    const key = JSON.stringify(asked);
    if (shown.figures?.key !== key) {
      const found = await ask("figures", data.urls.figures, asked);
      if (!found) return;
      shown.figures = { ...found, key, level, ...lines(found) };
      emit("figures", shown.figures);
    }
    colour();
  }

  function lines(found) {
    const all = found.grids.map(([code, name, kind, open, late, reported, grids, staffed, covered]) => (
      { code, name, kind, open, late, reported, grids, staffed, covered, vacant: grids - staffed, uncovered: grids - covered }
    ));
    return { lines: all, byCode: new Map(all.map((line) => [line.code, line])) };
  }

  // Lower ends of up to four classes: quarters of the numbers there are, so that what differs looks different.
  function breaksOf(values) {
    const there = [...new Set(values.filter((value) => value > 0))].sort((a, b) => a - b);
    return [...new Set([0, 0.25, 0.5, 0.75].map((part) => there[Math.floor(part * there.length)]).filter((value) => value !== undefined))];
  }

  const classOf = (value) => shown.breaks.filter((start) => value >= start).length;
  const shadeOf = (level) => (level ? SHADES[shown.breaks.length - 1][level - 1] : 0);
  const colourOf = (level) => COLOURS[shadeOf(level)];

  function colour() {
    if (!shown.figures) return;
    const values = shown.figures.lines.map((line) => line[state.figure]);
    shown.breaks = breaksOf(values);
    shown.shapes.forEach((shape, code) => {
      const line = shown.figures.byCode.get(code);
      const chosen = code === state.grid;
      const level = line ? classOf(line[state.figure]) : 0;
      shape.setStyle({ fillColor: level ? colourOf(level) : "#94a3b8", fillOpacity: level ? 0.8 : line ? 0.06 : 0, weight: chosen ? 4 : 1 });
      shape.getElement()?.classList.toggle("om-chosen", chosen);
      if (chosen) shape.bringToFront();
    });
    legend(values);
    numbers();
  }

  function legend(values) {
    part("legend-title").textContent = data.names[state.figure];
    const counts = [...shown.breaks, null].map((_start, level) => values.filter((value) => classOf(value) === level).length);
    const rows = shown.breaks.map((start, i) => {
      const end = i + 1 < shown.breaks.length ? shown.breaks[i + 1] - 1 : Math.max(...values);
      return [i + 1, start === end ? `${start}` : `${start}–${end}`];
    });
    const there = [[0, "0"], ...rows].filter(([level]) => counts[level]);
    part("legend").replaceChildren(...there.map(([level, text]) => {
      const patch = make("i");
      patch.style.background = colourOf(level);  // as a property: the content policy takes no style from an attribute
      return make("li", {}, make("i", {}, patch), make("span", {}, text), make("small", {}, say("gridCount", { n: counts[level] })));
    }));
  }

  // The numbers themselves, where the ground is wide enough on the screen to carry them.
  function numbers() {
    shown.numbers.clearLayers();
    if (!set.has("on", "numbers") || !shown.figures) return;
    const view = map.getBounds();
    let count = 0;
    shown.shapes.forEach((shape, code) => {
      const line = shown.figures.byCode.get(code);
      const box = shape.getBounds();
      if (!line || count >= MOST_LABELS || !view.intersects(box)) return;
      const [a, b] = [map.latLngToLayerPoint(box.getNorthWest()), map.latLngToLayerPoint(box.getSouthEast())];
      if (b.x - a.x < 26 || b.y - a.y < 18) return;
      const named = b.x - a.x > 13 * line.name.length && b.y - a.y > 44;
      const [lng, lat] = shape.feature.properties.at;
      const dark = shadeOf(classOf(line[state.figure])) > 2;
      const text = make("div", { class: dark && "om-on-dark" }, ...(named ? [make("span", {}, line.name)] : []), make("b", {}, String(line[state.figure])));
      L.marker([lat, lng], { pane: "numbers", interactive: false, keyboard: false, icon: L.divIcon({ className: "om-number", html: text, iconSize: null }) }).addTo(shown.numbers);
      count += 1;
    });
  }

  // --- hearing

  on("moved", () => { if (state.level === "auto" || data.borders[shown.level]?.pieces) draw(); else numbers(); });
  on("state", (names) => {
    if (["level", "day", "span"].some((name) => names.has(name))) draw();
    else if (["figure", "grid"].some((name) => names.has(name))) colour();
    else if (names.has("on")) numbers();
  });
})();
