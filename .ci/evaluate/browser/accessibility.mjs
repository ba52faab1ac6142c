// What axe-core finds.
import { axeSource } from './tools.mjs';

const GRAVE = ['serious', 'critical'];

/**
 * Runs axe-core on `page`. Returns `problems`, the grave ones, each `{ check, what }`, and `notes`, texts: lesser ones, and what axe could
 * not decide.
 */
export async function checkAccessibility(page) {
  await page.evaluate(axeSource);
  const { violations, incomplete } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations', 'incomplete'] }));
  const grave = violations.filter((violation) => GRAVE.includes(violation.impact));
  const lesser = violations.filter((violation) => !GRAVE.includes(violation.impact));
  return {
    problems: grave.map((violation) => ({ check: 'axe', what: told(violation) })),
    notes: [...lesser.map(told), ...incomplete.map((open) => `undecided: ${told(open)}`)],
  };
}

function told({ id, impact, help, nodes }) {
  const first = nodes.slice(0, 2).map((node) => `${node.html.slice(0, 100)}${reason(node)}`);
  return `${id} (${impact}): ${help}; ${nodes.length} of them, such as ${first.join(' and ')}`;
}

function reason(node) {
  const data = node.any.find((check) => check.data?.contrastRatio ?? check.data?.messageKey)?.data;
  const contrast = data?.contrastRatio ? `${data.fgColor} on ${data.bgColor}, ${data.contrastRatio} of ${data.expectedContrastRatio}` : data?.messageKey;
  return contrast ? ` (${contrast})` : '';
}
