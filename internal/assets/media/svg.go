package media

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

const (
	maxSVG      = 4 << 20
	maxElements = 50_000
	svgSpace    = "http://www.w3.org/2000/svg"
	xlinkSpace  = "http://www.w3.org/1999/xlink"
	xmlSpace    = "http://www.w3.org/XML/1998/namespace"
)

// remarks are the namespaces of what drawing programs note; it has no effect.
var remarks = set(`http://www.inkscape.org/namespaces/inkscape http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd http://creativecommons.org/ns#
	http://web.resource.org/cc/ http://purl.org/dc/elements/1.1/ http://www.w3.org/1999/02/22-rdf-syntax-ns#`)

var svgElements = set(`svg g defs symbol use title desc metadata style path rect circle ellipse line polyline polygon text tspan textPath
	linearGradient radialGradient stop pattern clipPath mask marker filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix
	feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode
	feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence view switch`)

var svgAttributes = set(`id class style d x y x1 x2 y1 y2 cx cy r rx ry fx fy fr dx dy width height viewBox version baseProfile preserveAspectRatio
	points transform transform-origin opacity fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit
	stroke-dasharray stroke-dashoffset color display visibility overflow clip clip-path clip-rule mask filter marker-start marker-mid marker-end
	marker-units markerUnits markerWidth markerHeight refX refY orient gradientUnits gradientTransform spreadMethod offset stop-color stop-opacity
	patternUnits patternContentUnits patternTransform clipPathUnits maskUnits maskContentUnits filterUnits primitiveUnits mask-type
	font-family font-size font-style font-weight font-variant font-stretch font text-anchor text-decoration text-rendering letter-spacing word-spacing
	dominant-baseline alignment-baseline baseline-shift writing-mode direction unicode-bidi textLength lengthAdjust rotate startOffset method spacing
	in in2 result mode type values operator k1 k2 k3 k4 stdDeviation flood-color flood-opacity lighting-color surfaceScale diffuseConstant
	specularConstant specularExponent kernelMatrix kernelUnitLength order bias divisor targetX targetY edgeMode preserveAlpha radius scale
	xChannelSelector yChannelSelector azimuth elevation pointsAtX pointsAtY pointsAtZ z limitingConeAngle baseFrequency numOctaves seed stitchTiles
	tableValues slope intercept amplitude exponent color-interpolation color-interpolation-filters color-rendering shape-rendering image-rendering
	vector-effect paint-order mix-blend-mode isolation enable-background pathLength role aria-label aria-hidden focusable pointer-events cursor
	media systemLanguage requiredFeatures requiredExtensions href title lang space white-space`)

func set(words string) map[string]bool {
	all := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		all[w] = true
	}
	return all
}

// readSVG reads a drawing strictly: of XML it may have elements, attributes and text alone, and of SVG what draws and refers to nothing outside.
func readSVG(f *file, i *Info) error {
	b, err := f.all(maxSVG)
	if err != nil {
		return err
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("not UTF-8") }
	var open []xml.Name
	elements, uses := 0, 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && elements > 0 && len(open) == 0 {
			i.Alpha = true
			return nil
		}
		if err != nil {
			return refused("it is not XML that can be read strictly")
		}
		switch t := t.(type) {
		case xml.Directive:
			return refused("it has a document type or entities")
		case xml.ProcInst:
			if t.Target != "xml" || elements > 0 {
				return refused("it has instructions to programs")
			}
		case xml.StartElement:
			root := len(open) == 0
			if elements++; elements > maxElements || len(open) >= maxDepth || root && (elements > 1 || t.Name != xml.Name{Space: svgSpace, Local: "svg"}) {
				return refused("it is not one drawing, or has too many elements")
			}
			if t.Name.Local == "use" {
				if uses++; uses > 1000 {
					return refused("it repeats itself too often")
				}
			}
			if err := checkElement(t); err != nil {
				return err
			}
			if root {
				i.svgSize(t)
			}
			open = append(open, t.Name)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if n := len(open); n > 0 && open[n-1].Local == "style" {
				if err := checkStyle(string(t)); err != nil {
					return err
				}
			}
		}
	}
}

func checkElement(t xml.StartElement) error {
	if remarks[t.Name.Space] {
		return nil
	}
	if t.Name.Space != svgSpace || !svgElements[t.Name.Local] {
		return refused("it has the element %q", clip(t.Name.Local))
	}
	for _, a := range t.Attr {
		name := a.Name.Local
		switch {
		case a.Name.Space == "xmlns" || a.Name.Space == "" && name == "xmlns" || remarks[a.Name.Space]:
			continue
		case a.Name.Space == xlinkSpace && (name == "href" || name == "title" || name == "type" || name == "show"):
		case a.Name.Space == xmlSpace && (name == "space" || name == "lang"):
		case a.Name.Space == "" && (svgAttributes[name] || strings.HasPrefix(name, "data-")):
		default:
			return refused("it has the attribute %q", clip(name))
		}
		if name == "href" && !strings.HasPrefix(strings.TrimSpace(a.Value), "#") {
			return refused("it refers to something outside of it")
		}
		inert := name == "id" || name == "class" || name == "title" || strings.HasPrefix(name, "aria-") || strings.HasPrefix(name, "data-")
		if inert {
			continue
		}
		if err := checkStyle(a.Value); err != nil {
			return err
		}
	}
	return nil
}

// clip shortens what is told of a file.
func clip(s string) string { return s[:min(len(s), 40)] }

// checkStyle refuses styles, and values of attributes, that load something or could hide that they do.
func checkStyle(s string) error {
	s = strings.ToLower(s)
	for _, bad := range []string{"@", "\\", "/*", "javascript:", "data:", "expression(", "image(", "image-set(", "cross-fade(", "src(", "behavior",
		"-moz-binding"} {
		if strings.Contains(s, bad) {
			return refused("its styles have %q", bad)
		}
	}
	for {
		_, rest, ok := strings.Cut(s, "url")
		if !ok {
			return nil
		}
		s = strings.TrimLeft(rest, " \t\r\n\f")
		if inner, isURL := strings.CutPrefix(s, "("); isURL && !strings.HasPrefix(strings.TrimLeft(inner, " \t\r\n\f\"'"), "#") {
			return refused("its styles refer to something outside of it")
		}
	}
}

// svgSize notes how large a drawing says that it is, if it does so in pixels.
func (i *Info) svgSize(t xml.StartElement) {
	for _, a := range t.Attr {
		if n, err := strconv.ParseFloat(strings.TrimSuffix(a.Value, "px"), 64); err == nil && n >= 1 && n <= maxSide && a.Name.Space == "" {
			switch a.Name.Local {
			case "width":
				i.Width = int(n)
			case "height":
				i.Height = int(n)
			}
		}
	}
}
