/**
 * Shows the rows of tables that fit the fields above them. A field says by `data-filters` which table, and by `data-by` which
 * attribute of a row it is compared with: a text field finds parts, a list the whole value (several, separated by spaces).
 */
export function filterTables(): void {
  for (const table of document.querySelectorAll('table[id]')) {
    const fields = [...document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(`[data-filters="${table.id}"]`)];
    const wanted = fields.map((field) => ({
      by: `data-${field.dataset['by'] ?? 'text'}`,
      value: field.value.trim().toLowerCase(),
      whole: field instanceof HTMLSelectElement,
    }));
    const hasText = wanted.some(({ value, whole }) => !whole && value !== '');
    let shown = 0;
    const rows = [...table.querySelectorAll<HTMLTableRowElement>('tbody > tr')];
    for (const row of rows) {
      const fits = wanted.every(({ by, value, whole }) => {
        const own = (row.getAttribute(by) ?? '').toLowerCase();
        return value === '' || (whole ? own.split('\t').includes(value) : value.split(/\s+/).every((word) => own.includes(word)));
      });
      row.hidden = !fits;
      // What fits may be folded: it is shown while there is a text to look for.
      for (const details of row.querySelectorAll('details')) details.open = fits && hasText;
      if (fits) shown++;
    }
    const count = document.getElementById(`${table.id}-count`);
    const text = shown === rows.length ? `${rows.length}` : `${shown} of ${rows.length}`;
    if (count && count.textContent !== text) count.textContent = text;
  }
}
