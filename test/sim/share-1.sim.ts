import { runShare } from './seeds.js';

runShare(1);
