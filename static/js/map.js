/* The map on the results page: numbered pins that link to the cards; an area is a soft circle, never a pin. */
for (const box of document.querySelectorAll("[data-map]")) {
  const data = JSON.parse(document.getElementById(box.dataset.map).textContent);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, { zoomControl: false, scrollWheelZoom: false, zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: box.dataset.in, zoomOutTitle: box.dataset.out }).addTo(map);
  if (data.tiles.url) L.tileLayer(data.tiles.url, { attribution: data.tiles.attribution, maxZoom: 18 }).addTo(map);
  const bounds = L.latLngBounds([]);
  if (data.from) bounds.extend(data.from.at);
  for (const pin of data.pins) {
    bounds.extend(pin.at);
    if (!pin.exact) L.circle(pin.at, { radius: 1200, className: "map__area", interactive: false }).addTo(map);
    const links = document.createElement("div");
    links.className = pin.exact ? "pin" : "pin pin--area";
    for (const [number, name] of pin.groups) {
      const link = document.createElement("a");
      link.href = "#result-" + number;
      link.textContent = number;
      link.title = name + ", " + pin.place + (pin.exact ? "" : " (" + box.dataset.area + ")");
      link.setAttribute("aria-label", number + ": " + link.title);
      links.append(link);
    }
    L.marker(pin.at, { keyboard: false, interactive: false, icon: L.divIcon({ html: links, className: "pins", iconSize: null }) }).addTo(map);
  }
  map.fitBounds(bounds.isValid() ? bounds : [[49.9, -8], [58.7, 1.8]], { padding: [40, 40], maxZoom: 14 });
}
