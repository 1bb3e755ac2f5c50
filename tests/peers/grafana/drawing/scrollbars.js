// react-custom-scrollbars-2 exports in a way that esbuild takes apart wrongly: its default, put together again.
import { Scrollbars } from './node_modules/react-custom-scrollbars-2/lib/index.js';
export { Scrollbars };
export default Scrollbars;
