// Makes calls whose texts try to become markup: hostile.mjs FOLDER OUT
//
// FOLDER is laid out as fixtures/calls; OUT is a copy of it in which agents, teams, products, agencies and what agents say hold markup that
// would set `window.__pwned`. Prints an agent with findings and that agent's team, a line each.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is added to each column of the manifest; the last column is new. */
const PLANTED = {
  agent_id: '"><img src=x onerror="window.__pwned=1">',
  team: '<svg onload=window.__pwned=2>',
  product: '</title><script>window.__pwned=3</script>',
  agency: '</script><script>window.__pwned=4</script>',
};
const SAID = ` <img src=x onerror='window.__pwned=5'> &lt;b&gt;`;
/** Most findings of the fixtures are this agent's. */
const AGENT = { agent_id: 'agent-03', team: 'team-a' };

const [from, to] = process.argv.slice(2);
cpSync(from, to, { recursive: true });
plantInManifest(join(to, 'manifest.csv'));
for (const name of readdirSync(join(to, 'transcripts'), { recursive: true })) {
  if (name.endsWith('.json')) {
    plantInTranscript(join(to, 'transcripts', name));
  }
}
console.log(AGENT.agent_id + PLANTED.agent_id);
console.log(AGENT.team + PLANTED.team);

function plantInManifest(path) {
  const text = readFileSync(path, 'utf8');
  if (text.includes('"')) {
    throw new Error(`${path} holds quotes, which this script does not read`);
  }
  const [head, ...rows] = text.trimEnd().split('\n').map((line) => line.split(','));
  const columns = [...head, 'agency'];
  const lines = rows.map((row) => columns.map((column, at) => quoted((row[at] ?? 'agency-1') + (PLANTED[column] ?? ''))).join(','));
  writeFileSync(path, `${[columns.join(','), ...lines].join('\n')}\n`);
}

function quoted(field) {
  return `"${field.replaceAll('"', '""')}"`;
}

// What is said with words and their times stays as it is: the words must be those of the text.
function plantInTranscript(path) {
  const transcript = JSON.parse(readFileSync(path, 'utf8'));
  for (const segment of transcript.segments.filter(({ channel, words }) => channel === 0 && words === undefined)) {
    segment.text += SAID;
  }
  writeFileSync(path, JSON.stringify(transcript));
}
