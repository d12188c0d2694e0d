// Charts drawn from the tables beside them, so that the two can't disagree; anew when day turns into night.
const figures = [...document.querySelectorAll("[data-chart]")].filter((figure) => figure.querySelector("canvas"));
const colour = (name) => getComputedStyle(document.querySelector(".gg-figures")).getPropertyValue(name).trim();

function read(figure) {
  const { drawn, most, unit, dashed, chart } = figure.dataset;
  const rows = [...figure.querySelectorAll("tbody tr")].slice(0, Number(most) || undefined);
  const heads = [...figure.querySelectorAll("thead th")].map((head) => head.textContent);
  const series = drawn.split(",").map(Number).map((column) => ({
    label: heads[column - 1],
    before: Number(dashed) === column,
    values: rows.map((row) => { const { value } = row.cells[column].dataset; return value === undefined ? null : Number(value); }),
  }));
  return { kind: chart, unit, series, labels: rows.map((row) => row.cells[0].textContent) };
}

function settings({ kind, unit, series, labels }) {
  const [ink, line] = [colour("--gg-quiet"), colour("--gg-line")];
  const colours = ["--gg-series-1", "--gg-series-2", "--gg-series-3"].map(colour);
  let turn = 0;
  const datasets = series.map((one) => {
    const shade = one.before ? colour("--gg-series-before") : colours[turn++];
    return {
      label: one.label, data: one.values, borderColor: shade, backgroundColor: shade, borderWidth: kind === "line" ? 2 : 0,
      borderDash: one.before ? [6, 4] : [], pointRadius: 2.5, clip: 8,
      pointStyle: kind !== "line" ? "rect" : one.before ? "rectRot" : turn === 2 ? "triangle" : "circle",
      maxBarThickness: 28, spanGaps: true,
    };
  });
  const stacked = kind !== "line" && series.length > 1;
  const numbers = { beginAtZero: true, stacked, ticks: { color: ink, precision: unit ? undefined : 0, callback: (value) => value + unit }, grid: { color: line }, ...(unit && { max: 100 }) };
  const names = { stacked, ticks: { color: ink, autoSkip: kind === "line" }, grid: { display: false } };
  const lying = kind === "lying";
  return {
    type: kind === "line" ? "line" : "bar",
    data: { labels, datasets },
    options: {
      animation: false, responsive: true, maintainAspectRatio: false, indexAxis: lying ? "y" : "x",
      interaction: { mode: "index", intersect: false, axis: lying ? "y" : "x" },
      scales: lying ? { x: numbers, y: names } : { x: names, y: numbers },
      plugins: { legend: { display: series.length > 1, labels: { color: ink, usePointStyle: true, boxHeight: 7 } } },
    },
  };
}

const charts = figures.map((figure) => {
  const found = read(figure);
  const box = figure.querySelector(".gg-canvas");
  box.hidden = false;
  if (found.kind === "lying") box.style.height = `${Math.max(8, found.labels.length * 1.75 + 4)}rem`;
  figure.querySelector("details").open = false;
  return [found, new Chart(figure.querySelector("canvas"), settings(found))];
});
document.body.dataset.charts = String(charts.length);

new MutationObserver(() => charts.forEach(([found, chart]) => {
  chart.options = settings(found).options;
  chart.data.datasets = settings(found).data.datasets;
  chart.update();
})).observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
addEventListener("beforeprint", () => figures.forEach((figure) => { figure.querySelector("details").open = true; }));
