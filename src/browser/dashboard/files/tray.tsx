/** Where files are chosen and seen on their way, with its looks; fetched with the first. */
import '../../ui/files/files.css';

export { Tray } from '../../ui/files.ts';
