// /m/, /m/cases/… and /m/carried/ without a network: the orders that this telephone carries, and the forms of their verbs, which go
// into the outbox. Which order is meant is read off the address that was asked for.
"use strict";
(async () => {
  const page = document.querySelector("[data-orders]"), carried = window.gridgovCarried, outbox = window.Outbox;
  if (!page) return;
  const find = (what, from = page) => from.querySelector(what);
  const copy = (id) => document.importNode(document.getElementById(id).content, true);
  const two = (number) => ("0" + number).slice(-2);
  const moment = (ms) => {
    const day = new Date(ms), today = new Date(Date.now()).toDateString() === day.toDateString();
    return (today ? "" : two(day.getMonth() + 1) + "-" + two(day.getDate()) + " ") + two(day.getHours()) + ":" + two(day.getMinutes());
  };
  const found = carried ? await carried.read() : null;
  if (!found || !outbox) {
    find("[data-none]").hidden = false;
    return;
  }
  const asked = location.pathname.match(/\/cases\/(\d+)\/(?:do\/([a-z-]+)\/)?$/);
  const one = asked && found.orders.find((order) => order.id === Number(asked[1]));
  find("[data-as-of]").hidden = false;
  find("[data-moment]").textContent = moment(found.at);

  const facts = (row, order) => {
    const light = find("[data-light]", row), now = Date.now();
    const looks = order.due === null ? "" : now > order.due ? "late" : now >= order.near ? "near" : "calm";
    light.textContent = page.dataset[looks || "still"];
    light.className = "chip" + (looks ? " light light-" + { late: "red", near: "yellow", calm: "green" }[looks] : "");
    find("[data-due]", row).textContent = order.due === null ? "" : page.dataset.due.replace("…", moment(order.due));
    find("[data-category]", row).textContent = order.category;
    find("[data-where]", row).textContent = order.where;
    find("[data-no]", row).textContent = order.no;
    find("[data-state]", row).textContent = order.state;
    find("[data-urgent]", row).hidden = !order.urgent;
    find("[data-unsent-of]", row).dataset.unsentOf = order.id;
    return row;
  };
  // What is written down for an order and not sent yet.
  const unsent = async () => {
    const items = await outbox.all();
    page.querySelectorAll("[data-unsent-of]").forEach((chip) => {
      const of = items.filter((item) => item.action.includes("/cases/" + chip.dataset.unsentOf + "/"));
      chip.hidden = !of.length;
      chip.textContent = page.dataset.unsent.replace("…", of.map((item) => item.label.split(" ").slice(1).join(" ")).join("、"));
    });
  };

  const showOne = (order) => {
    const box = find("[data-one]");
    find("[data-facts]", box).append(facts(copy("carried-facts"), order));
    order.moves.forEach((name) => {
      const shape = document.getElementById("carried-" + name);
      const move = document.importNode(shape.content, true), form = move.querySelector("form");
      form.action = form.getAttribute("action").replace("/0/", "/" + order.id + "/");
      form.dataset.label = order.no + " " + form.dataset.label;
      form.elements.seen.value = order.seen;
      form.querySelectorAll("[data-needs-photo]").forEach((line) => { line.hidden = !order.photo; });
      const details = move.querySelector("details");
      if (details) details.open = Boolean(asked[2]) && asked[2] === name;
      find("[data-moves]", box).append(move);
      window.OutboxForms.take(form);
    });
    box.hidden = false;
  };
  const showAll = () => {
    const list = find("[data-lines]");
    found.orders.forEach((order) => {
      const row = copy("carried-line");
      find("a", row).href = page.dataset.case.replace("/0/", "/" + order.id + "/");
      find("a", row).append(facts(copy("carried-facts"), order));
      list.append(row);
    });
    find("[data-all]").hidden = !found.orders.length;
    find("[data-nothing]").hidden = found.orders.length > 0;
  };
  if (one) showOne(one); else if (asked) find("[data-not-this]").hidden = false; else showAll();
  unsent();
  document.addEventListener("outbox", unsent);
})();
