/* Everything here makes a page nicer; no page needs it. */
import "./keys.js";
import "./once.js";
import "./clock.js";
import "./draft.js";
import "./filter.js";
import "./photo.js";
import "./picker.js";
import "./place.js";
import "./map.js";
import "./page.js";
