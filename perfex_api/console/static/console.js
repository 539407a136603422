// What makes the pages handier; every page works without it.
(function () {
  "use strict";
  document.documentElement.classList.add("js");

  function copy(button) {
    var field = document.getElementById(button.dataset.copy);
    var usual = button.textContent;
    function done() {
      button.textContent = button.dataset.done;
      setTimeout(function () { button.textContent = usual; }, 2000);
    }
    if (navigator.clipboard) {
      navigator.clipboard.writeText(field.value).then(done, function () { field.select(); });
    } else {
      // Over plain HTTP, browsers offer the old way alone.
      field.select();
      if (document.execCommand("copy")) { done(); }
    }
  }

  function pick(button) {
    var row = button.closest("tr");
    var scope = row || document.getElementById(button.closest("[data-scope]").dataset.scope);
    scope.querySelectorAll("input[type=checkbox]").forEach(function (box) {
      box.checked = button.dataset.pick === "all" ||
        (button.dataset.pick === "read" && box.hasAttribute("data-reading"));
    });
    choose("");
  }

  function choose(value) {
    document.querySelectorAll("input[name=everything]").forEach(function (each) {
      each.checked = each.value === value;
    });
    dim();
  }

  function dim() {
    var all = document.querySelector("input[name=everything][value='1']");
    if (all) { all.closest("section").classList.toggle("everything", all.checked); }
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) { return; }
    if (button.dataset.copy) { copy(button); }
    if (button.dataset.pick) { pick(button); }
  });
  document.addEventListener("change", function (event) {
    if (event.target.name === "everything") { dim(); }
    if (event.target.name === "grant" && event.target.checked) { choose(""); }
  });
  dim();
})();
