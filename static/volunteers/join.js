// What doesn't concern whoever enrols is put away: a guardian's fields above 18, the platform of who works for none.
(function () {
  var form = document.querySelector("[data-join]");
  if (!form) return;
  var guardian = form.querySelector("[data-guardian]"), employer = form.querySelector("[data-employer]");

  function age(text) {
    var born = new Date(text), now = new Date();
    var years = now.getFullYear() - born.getFullYear();
    var later = now.getMonth() - born.getMonth() || now.getDate() - born.getDate();
    return later < 0 ? years - 1 : years;
  }

  function fit() {
    var text = form.elements.born_on.value;
    guardian.hidden = !text || age(text) >= Number(form.dataset.adult);
    employer.hidden = form.elements.kind.value !== "new_employment";
  }

  form.addEventListener("input", fit);
  fit();
})();
