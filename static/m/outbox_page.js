// /m/outbox/: what waits on this device and why; try again, edit, delete.
"use strict";
(() => {
  const box = document.querySelector("[data-outbox-list]"), outbox = window.Outbox, store = window.OutboxStore;
  if (!box) return;
  const shape = document.getElementById("outbox-item"), empty = document.querySelector("[data-outbox-empty]");
  const all = document.querySelector("[data-outbox-all]");
  const none = () => {
    document.querySelector("[data-outbox-none]").hidden = false;
    document.querySelector("[data-outbox-kept]").hidden = true;
  };
  if (!outbox) { none(); return; }
  document.addEventListener("outbox-off", none);
  const sure = new Set(); // asked about deleting
  const two = (number) => ("0" + number).slice(-2);
  const moment = (at) => { const day = new Date(at); return two(day.getMonth() + 1) + "-" + two(day.getDate()) + " " + two(day.getHours()) + ":" + two(day.getMinutes()); };

  const edit = async (item) => {
    const files = [];
    for (const file of item.files) files.push({ id: outbox.newId(), field: file.field, name: file.name, type: file.type, data: await store.bytes(file.id) });
    // The key stays: if it has arrived after all, the house says so and does not take it a second time.
    await store.back(item.id, item.draft, { item: item.id, fields: item.fields }, files);
    location.assign(item.page);
  };

  const line = (item) => {
    const row = document.importNode(shape.content, true), part = (name) => row.querySelector("[data-" + name + "]");
    part("label").textContent = item.label;
    part("moment").textContent = moment(item.at);
    part("text").textContent = item.text;
    part("photos").textContent = item.files.length;
    part("photos").parentNode.hidden = !item.files.length;
    part("why").textContent = item.why || outbox.say("waits");
    part("why").className = item.state === "refused" ? "fault" : "hint";
    part("signin").hidden = !item.signin;
    part("again").addEventListener("click", (event) => { event.target.disabled = true; outbox.retry(item.id); });
    part("edit").hidden = !item.draft;
    part("edit").addEventListener("click", () => edit(item));
    // Deleting is asked about by the button itself.
    const bin = part("delete");
    const ask = () => { bin.textContent = item.posted ? bin.dataset.arrived : bin.dataset.ask; };
    if (sure.has(item.id)) ask();
    bin.addEventListener("click", async () => {
      if (!sure.has(item.id)) {
        sure.add(item.id);
        ask();
        return;
      }
      await outbox.drop(item.id);
      draw();
    });
    return row;
  };

  const draw = async () => {
    const items = await outbox.all().catch(() => null);
    if (!items) return;
    box.textContent = "";
    items.forEach((item) => box.append(line(item)));
    empty.hidden = items.length > 0;
    all.hidden = !items.length;
  };
  document.addEventListener("outbox", draw);
  all.addEventListener("click", () => outbox.retry());
  draw();
})();
