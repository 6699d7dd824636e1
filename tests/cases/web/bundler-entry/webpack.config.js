const path = require('path');
const HtmlWebpackPlugin = require('html-webpack-plugin');
module.exports = {
  entry: { app: ['./src/code/start.js'] },
  output: { path: path.resolve(__dirname, 'public/build'), filename: 'bundle.js' },
  module: { rules: [{ test: /\.m?js$/, exclude: /node_modules/, use: 'babel-loader' }] },
  resolve: { alias: { cfg: path.join(__dirname, 'src', 'settings.js') } },
};
