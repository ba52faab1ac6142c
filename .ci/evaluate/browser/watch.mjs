// What a page does by itself: errors, requests, windows.

/**
 * Watches `page` from now on. Returns the list to which problems are added, each `{ check, what }`.
 * `allowed` tells of an address whether the page may ask for it.
 */
export function watch(page, allowed) {
  const problems = [];
  const add = (check, what) => problems.push({ check, what });
  page.on('console', (message) => message.type() === 'error' && add('error', `on the console: ${message.text()} (${message.location().url})`));
  page.on('pageerror', (error) => add('error', `thrown and not caught: ${error.message}`));
  page.on('crash', () => add('error', 'the page crashed'));
  page.context().on('request', (request) => mayAsk(request.url(), allowed) || add('request', `${request.resourceType()} ${request.url()}`));
  page.on('websocket', (socket) => add('request', `websocket ${socket.url()}`));
  page.on('dialog', (dialog) => {
    add('markup', `a ${dialog.type()} opened: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('popup', (popup) => add('request', `a window opened: ${popup.url()}`));
  page.on('download', (download) => add('request', `a download began: ${download.url()}`));
  return problems;
}

function mayAsk(url, allowed) {
  return url.startsWith('data:') || url.startsWith('blob:') || allowed(url);
}
