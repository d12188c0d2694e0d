// What the theme's pages ask of Alpine by name. Its build without eval reads plain expressions, but reaches nothing of the
// window: what the theme wrote as globals (unfold/js/app.js) or in attributes is given to it here.
"use strict";
document.addEventListener("alpine:init", () => {
  const KEPT = "sidebarDesktopOpen";
  for (const component of [theme, searchForm, searchDropdown, searchCommand]) Alpine.data(component.name, component);

  // The body of each page: the sidebar, which stays as it was left, and the tab that is open.
  Alpine.data("desk", () => ({
    activeTab: "",
    sidebarMobileOpen: false,
    sidebarDesktopOpen: localStorage.getItem(KEPT) !== "0",
    // A form goes back to the tab it was sent from (unfold's change_form.html reads its address from these).
    window: { location: { get pathname() { return location.pathname; }, get search() { return location.search; } } },
    sortRecords,
    moveRecords,
    init() {
      const first = this.$el.dataset.firstTab;
      this.activeTab = first && (getCurrentTab() || first);
      this.$watch(KEPT, (open) => localStorage.setItem(KEPT, open ? "1" : "0"));
    },
  }));
});
