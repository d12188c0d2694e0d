// The report's words and rules: the phrasebook, what the words seem to be, what the category asks for, whom to call first.
"use strict";
(() => {
  const form = document.querySelector("form.report");
  if (!form) return;
  const words = form.elements.text, choice = form.elements.category, find = (what) => form.querySelector(what);
  const solve = find("[data-solve]"), solved = form.elements.solved;
  const fit = (name, values) => form.dataset[name].replace(/\{(\w+)\}/g, (all, key) => values[key]);

  const offer = () => choice.selectedOptions[0] || choice.options[0];
  const rules = () => {
    const option = offer(), asks = option.dataset, name = option.textContent.replace(/ \(\w\)$/, ""), said = [];
    if (asks.tier) said.push(asks.tier === "A" ? form.dataset.alone : fit("up", { tier: asks.tier }));
    if (asks.place !== undefined) said.push(fit("needsPlace", { name }));
    if (asks.before !== undefined) said.push(fit("needsBefore", { name }));
    if (asks.basis && (asks.before !== undefined || asks.after !== undefined)) said.push(fit("basis", { basis: asks.basis }));
    find("[data-rule]").textContent = said.join(" ");
    find("[data-after-rule]").textContent = asks.after === undefined ? "" : fit("needsAfter", { name });
    solve.hidden = asks.tier !== "A";
    if (solve.hidden) solved.checked = false;
    find("[data-solved]").hidden = !solved.checked;
    call(asks.call || danger);
  };

  // --- whom to call first

  let danger = "";
  const call = (number) => {
    const card = find("[data-first-call]"), calls = card.querySelector(".calls");
    const fresh = number && card.hidden;
    card.hidden = !number;
    if (fresh) card.scrollIntoView({ block: "start" });
    if (number) calls.insertBefore(calls.querySelector('[data-number="' + number + '"]'), calls.firstChild);
  };

  // --- the phrasebook, and what the words seem to be

  const choose = (code) => { choice.value = code; choice.dispatchEvent(new Event("change", { bubbles: true })); };
  const RECENT = "report-categories";
  const recent = () => { try { return JSON.parse(localStorage.getItem(RECENT) || "[]"); } catch (error) { return []; } };
  const guesses = (rows) => {
    const box = find("[data-guesses]");
    box.textContent = "";
    rows.filter((row) => Array.from(choice.options).some((option) => option.value === row.code)).forEach((row) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = row.name;
      button.setAttribute("aria-pressed", String(choice.value === row.code));
      button.addEventListener("click", () => { choose(row.code); guesses(rows); });
      box.append(button);
    });
  };
  // Without a network: by the words of the phrasebook, then what was chosen here lately.
  const near = (text) => {
    const pairs = Array.from(form.querySelectorAll("[data-phrase]")).map((button) => {
      const said = button.textContent, shared = Array.from(new Set(text)).filter((letter) => /\S/.test(letter) && said.includes(letter)).length;
      return [shared, button.dataset.phrase];
    });
    const found = pairs.filter((pair) => pair[0] > 1).sort((a, b) => b[0] - a[0]).map((pair) => pair[1]);
    return Array.from(new Set(found.concat(recent()))).slice(0, 3).map((code) => {
      const option = Array.from(choice.options).find((one) => one.value === code);
      return { code, name: option ? option.textContent : code };
    });
  };

  let timer = 0, asked = "";
  const suggest = async () => {
    const text = words.value.trim();
    if (text === asked || text.length < 2) return;
    asked = text;
    try {
      const body = new FormData();
      body.append("text", text);
      body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      const answer = await fetch(form.dataset.suggest, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
      const found = await answer.json();
      if (words.value.trim() !== text) return;
      danger = found.danger.length ? "119" : "";
      guesses(found.categories);
    } catch (error) {
      guesses(near(text));
    }
    rules();
  };
  words.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, 600); });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-phrase]");
    if (!button) return;
    const fresh = !words.value.trim() || Array.from(form.querySelectorAll("[data-phrase]")).some((one) => one.textContent === words.value);
    words.value = fresh ? button.textContent : words.value + "；" + button.textContent;
    asked = words.value.trim();
    guesses([]);
    choose(button.dataset.phrase);
    words.dispatchEvent(new Event("change", { bubbles: true }));
    form.querySelectorAll("[data-phrase]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
  });

  form.addEventListener("change", (event) => { if (event.target === choice || event.target === solved) rules(); });
  form.addEventListener("submit", () => {
    if (!choice.value) return;
    try { localStorage.setItem(RECENT, JSON.stringify([choice.value].concat(recent().filter((code) => code !== choice.value)).slice(0, 5))); } catch (error) { /* full */ }
  });
  form.addEventListener("restored", () => {
    danger = "";
    guesses([]);
    form.querySelectorAll("[data-phrase]").forEach((one) => one.setAttribute("aria-pressed", String(one.textContent === words.value)));
    rules();
  });
  rules();
})();
