"use strict";
// Plays what is clicked, and opens what is linked. Without it the pages say the same.
(() => {
  const player = document.getElementById("player");

  function play(ms) {
    player.currentTime = ms / 1000;
    player.play().catch(() => {});
  }

  document.addEventListener("click", (event) => {
    const timed = event.target.closest("[data-ms]");
    if (timed && player) play(Number(timed.dataset.ms));
  });

  // A call that something on the page leads to may be folded up.
  function unfold() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView({ block: "center" });
  }
  window.addEventListener("hashchange", unfold);
  unfold();

  // On paper there is nothing to unfold.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const details of folded) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });

  if (!player) return;

  // What is being said stands out.
  const turns = [...document.querySelectorAll("[data-from]")];
  let spoken = null;
  player.addEventListener("timeupdate", () => {
    const ms = player.currentTime * 1000;
    const now = turns.filter((turn) => Number(turn.dataset.from) <= ms).pop() || null;
    if (now === spoken) return;
    if (spoken) spoken.classList.remove("now");
    if (now) now.classList.add("now");
    spoken = now;
  });

  const waveform = document.getElementById("waveform");
  if (waveform) {
    waveform.addEventListener("click", (event) => {
      const box = waveform.getBoundingClientRect();
      if (player.duration) play(((event.clientX - box.left) / box.width) * player.duration * 1000);
    });
  }
})();
