package babylon

import (
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// effects are the modules of the package that give its classes methods, or scenes parts, by being imported, and what code has in it that
// needs them. In a preview all of them are there, since it has the whole package. A release that imports the package file by file has
// those that it imports, so that what a project calls would be missing only there.
var effects = []struct {
	module string
	needed *regexp.Regexp
}{
	{"Materials/standardMaterial", regexp.MustCompile(``)}, // of every mesh that is given no other
	{"Culling/ray", regexp.MustCompile(`\b(?:multiPick\w*|pick\w*|createPickingRay\w*|getForwardRay|Ray)\b`)},
	{"Animations/animatable", regexp.MustCompile(
		`\b(?:begin\w*Animation|CreateAndStart\w*Animation|CreateMergeAndStartAnimation|stopAnimation|getAnimatableByTarget)\b`)},
	{"Helpers/sceneHelpers", regexp.MustCompile(`\bcreateDefault(?:Camera|CameraOrLight|Environment|Light|Skybox|VRExperience|XRExperienceAsync)\b`)},
	{"Lights/Shadows/shadowGeneratorSceneComponent", regexp.MustCompile(`\b(?:Cascaded)?ShadowGenerator\b`)},
	{"Collisions/collisionCoordinator", regexp.MustCompile(`\b(?:checkCollisions|collisionsEnabled|moveWithCollisions)\b`)},
	{"Particles/particleSystemComponent", regexp.MustCompile(`\b(?:GPU)?Particle(?:System|Helper)\b`)},
	{"Sprites/spriteSceneComponent", regexp.MustCompile(`\bSprite(?:PackedManager|Manager|Map)\b`)},
	{"Physics/joinedPhysicsEngineComponent", regexp.MustCompile(`\benablePhysics\b`)},
	{"Rendering/boundingBoxRenderer", regexp.MustCompile(`\b(?:showBoundingBox|getBoundingBoxRenderer|forceShowBoundingBoxes)\b`)},
	{"Rendering/edgesRenderer", regexp.MustCompile(`\b(?:enableEdgesRendering|edgesWidth)\b`)},
	{"Rendering/outlineRenderer", regexp.MustCompile(`\brender(?:Outline|Overlay)\b`)},
	{"Rendering/depthRendererSceneComponent", regexp.MustCompile(`\benableDepthRenderer\b`)},
	{"Meshes/instancedMesh", regexp.MustCompile(`\bcreateInstance\b`)},
	{"Meshes/thinInstanceMesh", regexp.MustCompile(`\bthinInstance\w*`)},
	{"Loading/loadingScreen", regexp.MustCompile(`\b(?:displayLoadingUI|hideLoadingUI|loadingScreen)\b`)},
	{"Gamepads/gamepadSceneComponent", regexp.MustCompile(`\b(?:gamepadManager|addGamepad)\b`)},
	{"Audio/audioSceneComponent", regexp.MustCompile(`\b(?:new Sound|mainSoundTrack|audioEnabled)\b`)},
}

// withEffects has a release that imports files of the package have what a preview of it has.
func withEffects(plan engines.Plan, files []models.File) engines.Plan {
	if plan.Bundle == nil || plan.Bundle.Mode != engines.Release {
		return plan
	}
	var code []string
	deep := false
	for _, f := range files {
		if web.IsCode(f.Path) {
			code = append(code, string(f.Data))
			deep = deep || strings.Contains(string(f.Data), pkg+"/")
		}
	}
	for _, e := range effects {
		if deep && matches(e.needed, code) {
			plan.Bundle.Before = append(plan.Bundle.Before, pkg+"/"+e.module)
		}
	}
	return plan
}

func matches(pattern *regexp.Regexp, texts []string) bool {
	return slices.ContainsFunc(texts, pattern.MatchString)
}
