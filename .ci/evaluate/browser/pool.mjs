// Work side by side.

/** How many views are open at once: more than a small machine's cores only slow each other down. */
const AT_ONCE = 2;

/** Does `work` for each of `jobs`, two at a time; returns the answers in the order of the jobs. */
export async function eachOf(jobs, work) {
  const answers = new Array(jobs.length);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < jobs.length; at = next++) {
      answers[at] = await work(jobs[at], at);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return answers;
}
