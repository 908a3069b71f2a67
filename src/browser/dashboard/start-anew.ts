/** Loads the dashboard for whoever sits down next: nothing in memory, and an address that says nothing. */
export function startAnew(): void {
  history.replaceState(null, '', '#/');
  location.reload();
}
