/* The border of a grid: drawn and edited beside its GeoJSON text, and checked against its neighbours before it is saved. */
(function () {
  "use strict";

  const PAUSE = 700; // ms without a change before the coverage is asked for

  function edit(home) {
    const { STYLES, read, addLayers, fit, make } = window.gridMaps;
    const own = { ...STYLES.own, pmIgnore: false };
    const data = read(home.dataset.map);
    const field = home.querySelector("textarea");
    const said = home.querySelector("[data-said]");
    const undo = home.querySelector("[data-undo]");
    const form = field.closest("form");
    home.querySelector("details").open = false;
    home.querySelector("[data-drawing]").hidden = false;
    const map = make(home.querySelector("[data-canvas]"), data);
    fit(map, L.featureGroup(data.layers.map(function (layer) { return L.geoJSON(layer.geojson); })).getBounds());
    let around = addLayers(map, data.layers);
    const faults = L.featureGroup().addTo(map);
    const before = []; // texts, the oldest first
    let border = null, timer = 0, asked = 0;

    window.gridDraw.begin(map, { drawPolygon: true, drawRectangle: true }, own);

    function write(text) {
      if (text === field.value) return;
      before.push(field.value);
      undo.disabled = false;
      field.value = text;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      soon();
    }
    function keep() {
      write(border ? JSON.stringify({ type: "Polygon", coordinates: window.gridDraw.coordinates(border) }) : "");
    }
    function take(layer) {
      if (border) border.remove();
      border = layer.setStyle(own).addTo(map);
      border.on("pm:edit", keep);
      border.on("pm:remove", function () { border = null; keep(); });
    }
    // What the text says, on the map.
    function draw() {
      const editing = border && border.pm.enabled();
      if (border) { border.remove(); border = null; }
      try { take(L.geoJSON(JSON.parse(field.value)).getLayers()[0]); } catch { return; }
      if (editing) border.pm.enable();
    }

    async function ask(url) {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      body.set("border", field.value);
      body.set("grid", home.dataset.grid);
      body.set("parent", form.elements.parent ? form.elements.parent.value : "");
      const answer = await fetch(url, { method: "POST", body: body, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }
    function tell(found) {
      faults.clearLayers();
      addLayers(map, found.faults || []).eachLayer(function (layer) { faults.addLayer(layer); });
      said.replaceChildren();
      (found.said || []).forEach(function (words) {
        said.append(Object.assign(document.createElement("li"), { textContent: words }));
      });
      home.dataset.state = found.state || "";
    }
    async function check() {
      const turn = ++asked;
      if (!field.value.trim()) { tell({}); return; }
      try {
        const found = await ask(home.dataset.checkUrl);
        if (turn === asked) tell(found);
      } catch { tell({}); }
    }
    function soon() { clearTimeout(timer); timer = setTimeout(check, PAUSE); }

    map.on("pm:create", function (made) { take(made.layer); keep(); });
    field.addEventListener("input", function () { draw(); soon(); });
    undo.addEventListener("click", function () {
      field.value = before.pop() || "";
      undo.disabled = before.length === 0;
      draw();
      soon();
    });
    home.querySelector("[data-check]").addEventListener("click", check);
    home.querySelector("[data-fit]").addEventListener("click", async function () {
      try {
        const found = await ask(home.dataset.fitUrl);
        if (found.border) { write(JSON.stringify(found.border)); draw(); }
        tell(found);
      } catch { tell({}); }
    });
    // Another grid above: other neighbours. Its field is the theme's, which speaks jQuery.
    if (form.elements.parent && window.django && window.django.jQuery) {
      window.django.jQuery(form.elements.parent).on("change", async function () {
        const found = await ask(home.dataset.aroundUrl).catch(function () { return null; });
        if (!found) return;
        around.remove();
        around = addLayers(map, found.layers).bringToBack();
        if (!border) fit(map, around.getBounds());
        soon();
      });
    }
    draw();
    if (border) fit(map, border.getBounds());
    if (field.value.trim()) check();
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-border]").forEach(edit);
  });
})();
