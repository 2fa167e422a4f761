"""Reading video files: the only home of PyAV, OpenCV, PySceneDetect and pysubs2."""
