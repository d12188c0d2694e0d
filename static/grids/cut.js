/* The line along which a grid is cut: drawn on the map, kept in the text field beside it. */
(function () {
  "use strict";

  const STYLE = { color: "#b91c1c", weight: 3, fill: false };

  document.addEventListener("grid-map:ready", function (event) {
    if (event.target.dataset.draw !== "line") return;
    const map = event.detail.map;
    const field = document.querySelector("textarea[name=line]");
    const lines = L.featureGroup().addTo(map);
    window.gridDraw.begin(map, { drawPolyline: true }, STYLE);

    function keep() {
      const found = lines.getLayers().map(window.gridDraw.coordinates);
      field.value = found.length ? JSON.stringify({ type: "MultiLineString", coordinates: found }) : "";
    }
    function take(layer) {
      lines.addLayer(layer.setStyle(STYLE));
      layer.on("pm:edit", keep);
      layer.on("pm:remove", function () { lines.removeLayer(layer); keep(); });
    }
    map.on("pm:create", function (made) { take(made.layer); keep(); });
    try {
      L.geoJSON(JSON.parse(field.value)).eachLayer(function (layer) {
        const rows = layer.feature.geometry.type === "LineString" ? [layer.getLatLngs()] : layer.getLatLngs();
        rows.forEach(function (row) { take(L.polyline(row)); });
      });
    } catch { /* nothing drawn yet, or points written by hand */ }
  });
})();
