// The link to ai-lib leads out of this folder, so that its code is bundled; an installed package need not be.
const config = { devIndicators: false };

export { config as default };
