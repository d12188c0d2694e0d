// The link and the QR code of the receipt carry number and code behind the #, which browsers never send anywhere: they are put
// into the form, and taken out of the address.
(function () {
  var form = document.querySelector("[data-follow]");
  var found = /^#(\d{8,20})\.([0-9A-Za-z]{10})$/.exec(location.hash);
  if (!form || !found) return;
  form.elements.number.value = found[1];
  form.elements.code.value = found[2].slice(0, 5) + "-" + found[2].slice(5);
  form.querySelector("button[type=submit]").focus();
})();
