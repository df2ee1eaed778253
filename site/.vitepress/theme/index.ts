import DefaultTheme from "vitepress/theme";
import ProviderTable from "./ProviderTable.vue";
import "./style.css";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }: { app: import("vue").App }) {
    app.component("ProviderTable", ProviderTable);
  },
};
