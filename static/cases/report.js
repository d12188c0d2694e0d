// Suggests grids while a code or a name is typed.
"use strict";
(() => {
  const input = document.querySelector("[name=grid]");
  const list = document.getElementById("grid-codes");
  const form = input?.form;
  if (!form?.dataset.grids) return;
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      try {
        const answer = await fetch(`${form.dataset.grids}?q=${encodeURIComponent(input.value)}`);
        if (!answer.ok) return;
        list.replaceChildren(...(await answer.json()).grids.map(({ code, name }) => {
          const option = document.createElement("option");
          option.value = code;
          option.label = `${name} ${code}`;
          option.textContent = name;
          return option;
        }));
      } catch { /* a code can be typed without help */ }
    }, 200);
  });
})();
