/**
 * The door to figures: `plot` puts marks on common axes, `show` puts the picture below the cell.
 *
 * @example
 * import { lines, plot, show } from "./lib/figures";
 * await show(plot({ marks: [lines({ x: [1, 2, 3], y: [3, 1, 2] })], x: "step", y: "loss",
 *   title: "A loss", dataset: "three numbers", caption: "It falls and rises." }), "loss");
 */

// A figure: marks on axes, in one panel or several
export { type Panel, type Plot, plot } from "./figures/plot";
export type { Axis } from "./figures/scales";
export type { Figure } from "./figures/figure";
// Marks: curves and points
export { type Line, lines } from "./figures/marks/lines";
export { type Dots, dots, inGroups } from "./figures/marks/dots";
export { timeline } from "./figures/marks/timeline";
// Marks: one value for each name
export { type Bar, bars, columns, histogram } from "./figures/marks/bars";
export { type Interval, intervals } from "./figures/marks/intervals";
export { boxes } from "./figures/marks/boxes";
// Marks: matrices
export { heatmap, sortedByLikeness } from "./figures/marks/heatmap";
// Marks: what else has to be said
export { arrow, band, diagonal, note, rule } from "./figures/marks/rules";
// A mark of one's own, and what it is told
export type { Drawn, Frame, Mark } from "./figures/marks/mark";
// Colours and words
export { bothSides, lightToDark, palette, series } from "./figures/theme";
export { transparent } from "./figures/marks/mark";
export { shortTitle, shortTitles } from "./figures/placeLabels";
export { principalPlane } from "./math/principalPlane";
export { binomialRange } from "./math/binomialRange";
// Figures that several notebooks or commands draw
export { rankingPlot } from "./figures/rankingPlot";
export { differencePlot } from "./figures/differencePlot";
export { experimentPlot } from "./figures/experimentPlot";
export { studyPlot } from "./studies/studyPlot";
export { densityCurves } from "./figures/densityCurves";
export { directionCircle } from "./figures/directionCircle";
export { itemCircle } from "./figures/itemCircle";
export { epochCurves } from "./figures/epochCurves";
export { statePath } from "./figures/statePath";
export { meanLine } from "./figures/meanLine";
export { learningCurves } from "./figures/learningCurves";
export { gainsPlot } from "./figures/gainsPlot";
export { valueCurve } from "./figures/valueCurve";
export { reportCardFigure } from "./figures/reportCardFigure";
export { estimatesPlot } from "./figures/estimatesPlot";
export { countedIntervals } from "./figures/countedIntervals";
export { weightCurvePlot } from "./figures/weightCurvePlot";
export { reliabilityPlot } from "./figures/reliabilityPlot";
export { judgementsPlot } from "./figures/judgementsPlot";
// Below the cell
export { show } from "./figures/show";
export { save } from "./figures/save";
export { say, textIsAbout } from "./figures/say";
export { showTable } from "./figures/showTable";
export { cellProgress } from "./figures/cellProgress";
export { progressBar } from "./figures/progressBar";
export { checkClaims } from "./figures/checkClaims";
