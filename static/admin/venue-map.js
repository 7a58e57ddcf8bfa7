// What wagtail-geo-widget leaves out: pressing the map, a pin only where a place is set, and telling the server about
// anything typed, so that it can refuse it with a sentence instead of losing it without a word.
(() => {
  const field = LeafletField.prototype;
  const { setup, initEvents, writeLocation, updateLatLng } = field;

  const degrees = (number) => Number(number).toFixed(5);

  field.setup = function () {
    if (this.hasSetup) return;
    const isEmpty = !this.sourceField.val();
    setup.call(this);
    if (isEmpty) this.takePinAway();
    else this.map.setZoom(16);
  };

  field.takePinAway = function () {
    this.marker.setOpacity(0);
    this.latLngField.val("");
    this.setState("");
  };

  field.initEvents = function () {
    initEvents.call(this);
    this.map.on("click", ({ latlng }) => {
      this.setMapPosition(latlng);
      this.updateLatLng(latlng);
      this.writeLocation(latlng);
    });
    this.latLngField.on("input", () => {
      const typed = this.latLngField.val().trim();
      if (!typed) this.takePinAway();
      else if (!this.parseStrToLatLng(typed)) this.setState(typed);
    });
  };

  field.updateLatLng = function ({ lat, lng }) {
    updateLatLng.call(this, { lat: degrees(lat), lng: degrees(lng) });
  };

  // Never "1e-7", which the package's own pattern refuses: the prime meridian runs through London.
  field.writeLocation = function ({ lat, lng }) {
    this.marker.setOpacity(1);
    writeLocation.call(this, { lat: degrees(lat), lng: degrees(lng) });
  };

  const parse = field.parseStrToLatLng;
  field.parseStrToLatLng = function (typed) {
    return /^\s*-?\d+(\.\d+)?\s*[, ]\s*-?\d+(\.\d+)?\s*$/.test(typed) ? parse.call(this, typed.trim().replace(/\s*[, ]\s*/, ",")) : null;
  };

  // The package looks for the place again once the map shows, a second later: not where there is none.
  const move = field.updateMapFromCoords;
  field.updateMapFromCoords = function (latLng) {
    if (latLng) move.call(this, latLng);
  };
})();
