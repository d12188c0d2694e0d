// A form that may wait for the net says when it was sent off: fields marked data-now get the phone's moment. Before the outbox
// looks at the form, hence in the capture phase.
"use strict";
addEventListener("submit", (event) => {
  event.target.querySelectorAll("input[data-now]").forEach((field) => { field.value = new Date().toISOString(); });
}, true);
