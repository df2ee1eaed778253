// The link to ai-lib leads out of this folder, so its code is bundled. An installed package need not be.
const config = { devIndicators: false };

export { config as default };
