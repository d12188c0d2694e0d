/* Borders on a Leaflet map: pages to look at ([data-grid-map]) and the backdrop and words of the drawing widget. */
(function () {
  "use strict";

  const STYLES = {
    own: { color: "#167961", weight: 3, fillOpacity: 0.15 },
    parent: { color: "#475569", weight: 2, dashArray: "6 4", fillOpacity: 0, interactive: false },
    sibling: { color: "#64748b", weight: 1, fillOpacity: 0.08 },
    child: { color: "#64748b", weight: 1, fillOpacity: 0.08 },
    gap: { color: "#b91c1c", weight: 2, fillOpacity: 0.45 },
    overlap: { color: "#b45309", weight: 2, fillOpacity: 0.5 },
    beyond: { color: "#7c3aed", weight: 2, fillOpacity: 0.4 },
  };

  function read(id) {
    const element = document.getElementById(id);
    return element ? JSON.parse(element.textContent) : null;
  }

  // A name is a text, never markup.
  function tip(label) {
    const element = document.createElement("span");
    element.textContent = label;
    return element;
  }

  function addLayers(map, layers) {
    const group = L.featureGroup();
    layers.forEach(function (layer) {
      const shape = L.geoJSON(layer.geojson, { style: STYLES[layer.style] });
      if (layer.label) shape.bindTooltip(tip(layer.label), { sticky: true });
      if (layer.href) shape.on("click", function () { window.location.href = layer.href; });
      group.addLayer(shape);
    });
    return group.addTo(map);
  }

  function fit(map, bounds) {
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.05), { maxZoom: 19 });
    else map.setView([35, 105], 4);
  }

  function show(element) {
    const data = read(element.dataset.gridMap);
    const map = L.map(element, { maxZoom: data.maxZoom, attributionControl: data.tiles.length > 0 });
    data.tiles.forEach(function (tile) { L.tileLayer(tile.url, tile.options).addTo(map); });
    L.control.scale({ imperial: false }).addTo(map);
    fit(map, addLayers(map, data.layers).getBounds());
  }

  function translate(words) {
    Object.entries(words).forEach(function ([place, word]) {
      const path = place.split(".");
      const last = path.pop();
      const home = path.reduce(function (found, name) { return found && found[name]; }, L.drawLocal);
      if (home) home[last] = word;
    });
  }

  // django-leaflet tells when it has made its map, before the drawing bar is put on it.
  window.addEventListener("map:init", function (event) {
    const map = event.detail.map;
    const home = map.getContainer().closest("[data-map-data]");
    if (!home) return;
    const data = read(home.dataset.mapData);
    L.Icon.Default.mergeOptions(data.icons);
    L.Icon.Default.imagePath = "";
    translate(data.words);
    const backdrop = addLayers(map, data.layers);
    backdrop.bringToBack();
    map.on("map:loadfield", function (loaded) {
      const drawn = loaded.field.drawnItems;
      drawn.setStyle(STYLES.own);
      drawn.on("layeradd", function (added) { added.layer.setStyle(STYLES.own); });
      fit(map, drawn.getBounds().isValid() ? drawn.getBounds() : backdrop.getBounds());
    });
  });

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-grid-map]").forEach(show);
  });
})();
