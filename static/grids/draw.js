/* Drawing on a map with Leaflet-Geoman: its bar, its words, coordinates as borders are kept. */
(function () {
  "use strict";

  const OFF = {
    position: "topleft", drawMarker: false, drawCircleMarker: false, drawPolyline: false, drawRectangle: false,
    drawPolygon: false, drawCircle: false, drawText: false, editMode: true, dragMode: false, cutPolygon: false,
    removalMode: true, rotateMode: false,
  };

  // Snapping keeps neighbours' corners the same; a border that crosses itself can't be drawn.
  function begin(map, tools, style) {
    map.pm.setLang(document.documentElement.lang.startsWith("zh") ? "zh" : "en");
    map.pm.addControls({ ...OFF, ...tools });
    map.pm.setGlobalOptions({
      snappable: true, snapDistance: 15, allowSelfIntersection: false, continueDrawing: false,
      templineStyle: { color: style.color }, hintlineStyle: { color: style.color, dashArray: "5 5" }, pathOptions: style,
    });
  }

  // GeoJSON coordinates of a layer, to 1e-6 degrees.
  function coordinates(layer) {
    return layer.toGeoJSON(6).geometry.coordinates;
  }

  window.gridDraw = { begin: begin, coordinates: coordinates };
})();
