// Draws the tables that stand beside the charts; whoever has no JavaScript reads the tables.
(function () {
  "use strict";
  var style = getComputedStyle(document.documentElement);
  function color(name) { return style.getPropertyValue(name).trim(); }

  function read(table, columns) {
    var times = [];
    var series = columns.map(function () { return []; });
    table.querySelectorAll("tbody tr").forEach(function (row) {
      times.push(Date.parse(row.cells[0].dataset.at) / 1000);
      columns.forEach(function (column, n) {
        var text = row.cells[column].textContent.trim();
        series[n].push(text === "" ? null : Number(text));
      });
    });
    return [times].concat(series);
  }

  function stacked(data) {
    return [data[0], data[1].map(function (value, n) { return value + data[2][n]; }), data[2]];
  }

  function draw(place, table) {
    var columns = place.dataset.columns.split(" ").map(Number);
    var bars = place.dataset.kind === "bars";
    var data = read(table, columns);
    var names = columns.map(function (column) { return table.tHead.rows[0].cells[column].textContent; });
    var inks = bars ? ["--chart-1", "--chart-2"] : ["--chart-3", "--chart-4"];
    var shown = bars ? stacked(data) : data;
    var days = { values: [[86400, "{MM}-{DD}", "\n{YYYY}", null, null, null, null, null, 1], [3600, "{HH}:{mm}", "\n{MM}-{DD}", null, null, null, null, null, 1]] };
    var axis = { stroke: color("--soft"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui" };
    var options = {
      width: place.clientWidth,
      height: 220,
      tzDate: function (stamp) { return uPlot.tzDate(new Date(stamp * 1000), "Etc/UTC"); },
      cursor: { y: false, points: { show: !bars } },
      scales: { y: { range: function (self, low, high) { return [0, Math.max(high * 1.08, bars ? 4 : 1)]; } } },
      axes: [Object.assign(days, axis), Object.assign({ size: 52 }, axis)],
      series: [{ label: table.tHead.rows[0].cells[0].textContent, value: "{YYYY}-{MM}-{DD} {HH}:{mm}" }].concat(names.map(function (name, n) {
        var each = {
          label: name,
          stroke: color(inks[n]),
          width: bars ? 0 : 2,
          points: { show: !bars && data[0].length < 50, size: 4 },
          value: function (self, value, series, index) {
            return index === null || index === undefined ? "" : String(data[n + 1][index] === null ? "" : data[n + 1][index]);
          }
        };
        if (bars) {
          each.fill = color(inks[n]);
          each.paths = uPlot.paths.bars({ size: [0.72, 40] });
        }
        return each;
      }))
    };
    return new uPlot(options, shown, place);
  }

  document.querySelectorAll(".charts").forEach(function (charts) {
    var table = document.getElementById(charts.dataset.for);
    charts.classList.add("drawn");
    table.closest("details").open = false;
    var made = Array.from(charts.querySelectorAll(".chart")).map(function (place) { return draw(place, table); });
    function fit() {
      made.forEach(function (each) {
        each.setSize({ width: each.root.parentElement.clientWidth, height: 220 });
      });
    }
    window.addEventListener("resize", fit);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { location.reload(); });
  });
})();
