/* The walk: the nearest first, then the nearest to that one; a good way, if not the shortest. */
const EARTH = 6371000;

/** Return the distance between two points in degrees, in metres; flat within a district. */
export function metres(one, other) {
  const radians = Math.PI / 180;
  const east = (one.lon - other.lon) * radians * Math.cos(((one.lat + other.lat) / 2) * radians);
  const north = (one.lat - other.lat) * radians;
  return EARTH * Math.hypot(east, north);
}

/** Return `things` ({lon, lat, urgent}) in walking order from `start`: what is urgent first, what has no place last. */
export function ordered(things, start) {
  const placed = things.filter((one) => one.lon !== null && one.lon !== undefined);
  const rest = things.filter((one) => !placed.includes(one));
  const way = [];
  let here = start;
  while (placed.length) {
    placed.sort((a, b) => metres(here, a) - metres(here, b));
    here = placed.shift();
    way.push(here);
  }
  const order = [...way, ...rest];
  return [...order.filter((one) => one.urgent), ...order.filter((one) => !one.urgent)];
}
