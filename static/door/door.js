// What a phone can do for its owner before a report is sent: make the photos small, tell the place, answer the proof. Without it
// the form works all the same.
(function () {
  // --- photos ------------------------------------------------------------------------------------------------------------------

  // Small, and without where and when it was taken (static/m/pictures.js); what the browser can't read (HEIC) the server may.
  async function small(file) {
    var blob = await Pictures.small(file);
    return blob === file ? file : new File([blob], "photo.jpg", { type: "image/jpeg" });
  }

  document.querySelectorAll("[data-photos]").forEach(function (input) {
    var shown = input.parentNode.querySelector("[data-shown]"), form = input.form;
    var button = form.querySelector("button[type=submit]"), most = Number(input.dataset.most), kept = [];

    function show() {
      shown.textContent = "";
      kept.forEach(function (file, place) {
        var one = document.createElement("button"), image = document.createElement("img");
        one.type = "button";
        one.className = "photo";
        one.setAttribute("aria-label", input.dataset.remove.replace("#", place + 1));
        image.alt = "";
        image.src = URL.createObjectURL(file);
        image.onload = function () { URL.revokeObjectURL(image.src); };
        one.appendChild(image);
        one.addEventListener("click", function () { kept.splice(place, 1); put(); });
        shown.appendChild(one);
      });
    }

    function put() {
      var files = new DataTransfer();
      kept.forEach(function (file) { files.items.add(file); });
      input.files = files.files;
      show();
    }

    if (!window.DataTransfer || !window.Promise) return;
    try { new DataTransfer(); } catch (error) { return; }
    input.addEventListener("change", async function () {
      var picked = Array.prototype.slice.call(input.files);
      // A camera hands over one picture at a time: what was there stays.
      picked = picked.filter(function (file) { return kept.indexOf(file) < 0; });
      button.disabled = true;
      for (var i = 0; i < picked.length && kept.length < most; i++) kept.push(await small(picked[i]));
      button.disabled = false;
      put();
    });
  });

  // --- place -------------------------------------------------------------------------------------------------------------------

  var locate = document.querySelector("[data-locate]");
  if (locate && navigator.geolocation) {
    var box = locate.closest("[data-locate-box]"), said = box.querySelector("[data-said]"), fields = locate.form.elements;
    box.hidden = false;
    locate.addEventListener("click", function () {
      navigator.geolocation.getCurrentPosition(
        function (found) {
          fields.lng.value = found.coords.longitude.toFixed(7);
          fields.lat.value = found.coords.latitude.toFixed(7);
          fields.crs.value = "WGS84";
          said.textContent = locate.dataset.found;
          if (locate.dataset.locate === "send") locate.form.submit();
        },
        function () { said.textContent = locate.dataset.refused; },
        { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 }
      );
    });
  }

  // --- what is known already ---------------------------------------------------------------------------------------------------

  var near = document.querySelector("[data-near]"), text = document.querySelector("form[data-door-report] #text"), asked = "";
  if (near && text && window.fetch && window.FormData) {
    text.addEventListener("blur", async function () {
      var said = text.value.trim(), form = new FormData();
      if (said.length < 4 || said === asked) return;
      asked = said;
      ["csrfmiddlewaretoken", "g", "m", "text"].forEach(function (name) { form.append(name, text.form.elements[name].value); });
      try {
        var answer = await fetch(near.dataset.url, { method: "POST", body: form, credentials: "same-origin" });
        if (answer.ok) near.innerHTML = await answer.text();
      } catch (error) { /* no network: the report itself is what matters */ }
    });
  }

  // --- twice -------------------------------------------------------------------------------------------------------------------

  document.querySelectorAll("form[data-door-report]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
    window.addEventListener("pageshow", function () { delete form.dataset.sent; });
  });
})();
