// Whether a finding is heard at its second.

/** How far from its second a finding may begin to play, s. */
const NEAR_S = 0.3;
/** How long it is listened to, ms. */
const LISTEN_MS = 1_500;

/**
 * Presses the first finding of an open call page and listens: `press` is given its locator. Returns problems, each `{ check, what }`.
 * A finding is an element with `data-ms`, the millisecond at which it is; the player is `audio#player`.
 */
export async function checkSound(page, press) {
  const finding = page.locator('[data-ms]').first();
  const wanted_s = Number(await finding.getAttribute('data-ms')) / 1000;
  const heard = page.evaluate(listen, LISTEN_MS);
  await press(finding);
  const { from_s, to_s, ended, error } = await heard;
  const sound = (what) => [{ check: 'sound', what }];
  if (from_s === null) {
    return sound(`nothing begins to play within 5 s (${error ?? 'the player tells no error'})`);
  }
  if (Math.abs(from_s - wanted_s) > NEAR_S) {
    return sound(`the finding at ${wanted_s} s plays from ${from_s.toFixed(2)} s`);
  }
  if (to_s - from_s < LISTEN_MS / 2000 && !ended) {
    return sound(`after ${LISTEN_MS} ms the player went from ${from_s.toFixed(2)} to ${to_s.toFixed(2)} s`);
  }
  return [];
}

// In the page: from and to where the player plays, s. A page may begin to play and seek then, so that the last seek counts.
function listen(for_ms) {
  const player = document.querySelector('audio#player');
  let from_s = null;
  let sought = false;
  return new Promise((resolve) => {
    const tell = () => resolve({ from_s, to_s: player.currentTime, ended: player.ended, error: player.error?.message });
    player.addEventListener('seeked', () => {
      from_s = player.currentTime;
      sought = true;
    });
    player.addEventListener('playing', () => {
      from_s = sought ? from_s : player.currentTime;
      setTimeout(tell, for_ms);
    }, { once: true });
    setTimeout(() => {
      from_s = null;
      tell();
    }, 5_000);
  });
}
