/**
 * What runs in the page. It keeps nothing: no state is saved, and what was pasted goes with the page. HTML comes from the
 * extension alone, with every text escaped.
 */
export const script = `
const vscode = acquireVsCodeApi();
const [paste, workload, answer] = ['paste', 'workload', 'answer'].map((id) => document.getElementById(id));
const ask = (type = 'run') => vscode.postMessage({ type, text: paste.value, workload: workload.value });
document.getElementById('run').addEventListener('click', () => ask());
document.getElementById('cloudTrail').addEventListener('click', () => ask('cloudTrail'));
document.getElementById('clipboard').addEventListener('click', () => vscode.postMessage({ type: 'clipboard' }));
document.getElementById('clear').addEventListener('click', () => { paste.value = ''; answer.textContent = ''; paste.focus(); });
paste.addEventListener('keydown', (event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); ask(); } });
answer.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  vscode.postMessage({ type: button.dataset.action, index: Number(button.dataset.index || 0), text: paste.value, workload: workload.value });
});
window.addEventListener('message', ({ data }) => {
  if (data.type === 'answer') answer.innerHTML = data.html;
  if (data.type === 'paste') { paste.value = paste.value === '' ? data.text : paste.value + '\\n' + data.text; if (data.run) ask(); else paste.focus(); }
  if (data.type === 'workload') workload.value = data.value;
  if (data.type === 'select') { paste.focus(); const end = paste.value.indexOf('\\n', data.start); paste.setSelectionRange(data.start, end < 0 ? paste.value.length : end); }
});
paste.focus();
`;
