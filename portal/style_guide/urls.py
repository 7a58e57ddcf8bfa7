from django.urls import path

from portal.style_guide.views import style_guide

urlpatterns = [path("style-guide/", style_guide, name="style_guide")]
