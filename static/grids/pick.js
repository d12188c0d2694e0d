/* Neighbours are picked on the map as well as in the list. */
(function () {
  "use strict";

  document.addEventListener("grid-map:ready", function (event) {
    const styles = window.gridMaps.STYLES;
    event.detail.layers.eachLayer(function (layer) {
      const box = layer.gridKey && document.querySelector(`input[name=with][value="${layer.gridKey}"]`);
      if (!box) return;
      const paint = function () { layer.setStyle(box.checked ? styles.part : styles.sibling); };
      box.addEventListener("change", paint);
      layer.on("click", function () { box.checked = !box.checked; paint(); });
      paint();
    });
  });
})();
